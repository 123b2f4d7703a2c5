using System;
using System.Diagnostics;
using AcsIdentity.Emulator.Authentication;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Inspection;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator;

/// <summary>Handles requests to the service: authenticates, throttles, applies faults, performs the operation, and logs.</summary>
internal sealed class ServiceEndpoint(
    RequestAuthenticator authenticator, Throttle? throttle, FaultPlan faults, Latency? latency, ServiceRoutes routes, RequestLog log, TimeProvider clock)
{
    private const int MaxLoggedText = 1024;

    public EmulatorResponse Handle(EmulatorRequest request)
    {
        DateTimeOffset time = clock.GetUtcNow();
        var watch = Stopwatch.StartNew();
        RouteMatch match = routes.Find(request);
        (EmulatorResponse response, Fault? fault) = Perform(request, match);
        TimeSpan duration = watch.Elapsed;

        ServiceHeaders.Add(response, request, duration, match.SupportedVersions);
        response = fault is null ? response : response.With(fault);
        response = latency is null ? response : response with { Delay = response.Delay + latency.Next() };
        log.Add(number => new LoggedRequest(
            number,
            time,
            match.Route?.Operation,
            request.Method,
            Shorten(request.RawTarget)!,
            response.Delivery == Delivery.None ? null : response.Status,
            duration,
            Shorten(request.Header("User-Agent")),
            Shorten(request.Header("x-ms-client-request-id")),
            fault?.Kind));
        return response;
    }

    private (EmulatorResponse Response, Fault? Fault) Perform(EmulatorRequest request, RouteMatch match)
    {
        Fault? fault = null;
        try
        {
            request.RequireBodyWithinLimits();
            JsonWebToken? caller = authenticator.Authenticate(request, match.Route?.Audience ?? BearerAuthenticator.ServiceAudience);
            ServiceRoute route = match.RequireRoute();
            throttle?.CountCall(route.Operation);
            fault = faults.FaultForNextCall(route.Operation);
            EmulatorResponse response = fault switch
            {
                { Kind: FaultKind.Status } => throw PlannedFault(fault),
                { Kind: FaultKind.Drop } => new EmulatorResponse { Status = 503 },
                _ => match.Perform(caller),
            };
            return (response, fault);
        }
        catch (ServiceError error)
        {
            return (error.ToResponse(), fault);
        }
    }

    /// <summary>Bounds the log, and so its page: every client can send requests with long texts.</summary>
    private static string? Shorten(string? text) => text?.Length > MaxLoggedText ? text.Substring(0, MaxLoggedText) + "…" : text;

    private static ServiceError PlannedFault(Fault fault) =>
        ServiceError.PlannedFault(fault.Status!.Value, fault.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
}
