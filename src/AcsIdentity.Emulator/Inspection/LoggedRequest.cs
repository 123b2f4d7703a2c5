using System;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>A request that the emulator received, without secrets: no credentials and no body. Long texts are shortened.</summary>
/// <param name="Number">The request's number, from 1.</param>
/// <param name="Time">When the request arrived.</param>
/// <param name="Operation">The operation; null if no operation has this method and path.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">The request target as sent.</param>
/// <param name="Status">The status of the response; null if no response was sent.</param>
/// <param name="Duration">The processing time, without latency and without the delay of a fault.</param>
/// <param name="UserAgent">The User-Agent header.</param>
/// <param name="RequestId">The x-ms-client-request-id header.</param>
/// <param name="Fault">The fault that applied to the request; null if none did.</param>
public sealed record LoggedRequest(
    long Number, DateTimeOffset Time, ServiceOperation? Operation, string Method, string Target, int? Status, TimeSpan Duration, string? UserAgent, string? RequestId, FaultKind? Fault);
