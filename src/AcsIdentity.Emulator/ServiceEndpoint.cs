using System;
using System.Diagnostics;
using AcsIdentity.Emulator.Authentication;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Inspection;
using AcsIdentity.Emulator.Throttling;

namespace AcsIdentity.Emulator;

/// <summary>Handles requests to the service: authenticates, throttles, applies faults, performs the operation, and logs.</summary>
internal sealed class ServiceEndpoint(
    RequestAuthenticator authenticator, Throttle? throttle, FaultPlan faults, Latency? latency, IdentityOperations operations, RequestLog log, TimeProvider clock)
{
    public EmulatorResponse Handle(EmulatorRequest request)
    {
        DateTimeOffset time = clock.GetUtcNow();
        var watch = Stopwatch.StartNew();
        (ServiceOperation Operation, string Id)? route = ServiceRoute.Find(request);
        (EmulatorResponse response, Fault? fault) = Perform(request, route);
        TimeSpan duration = watch.Elapsed;

        ServiceHeaders.Add(response, request, duration);
        response = fault is null ? response : response.With(fault);
        response = latency is null ? response : response with { Delay = response.Delay + latency.Next() };
        log.Add(number => new LoggedRequest(
            number,
            time,
            route?.Operation,
            request.Method,
            request.RawTarget,
            response.Delivery == Delivery.None ? null : response.Status,
            duration,
            request.Header("User-Agent"),
            request.Header("x-ms-client-request-id"),
            fault?.Kind));
        return response;
    }

    private (EmulatorResponse Response, Fault? Fault) Perform(EmulatorRequest request, (ServiceOperation, string)? route)
    {
        Fault? fault = null;
        try
        {
            request.RequireBodyWithinLimits();
            authenticator.Authenticate(request);
            (ServiceOperation operation, string id) = route ?? throw ServiceRoute.Refuse(request);
            throttle?.CountCall(operation);
            fault = faults.FaultForNextCall(operation);
            EmulatorResponse response = fault switch
            {
                { Kind: FaultKind.Status } => throw PlannedFault(fault),
                { Kind: FaultKind.Drop } => new EmulatorResponse { Status = 503 },
                _ => operations.Perform(operation, request, id),
            };
            return (response, fault);
        }
        catch (ServiceError error)
        {
            return (error.ToResponse(), fault);
        }
    }

    private static ServiceError PlannedFault(Fault fault) =>
        ServiceError.PlannedFault(fault.Status!.Value, fault.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
}
