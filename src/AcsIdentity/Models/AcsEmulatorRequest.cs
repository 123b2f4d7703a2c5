using System;
using System.Management.Automation;
using AcsIdentity.Emulator.Inspection;

namespace AcsIdentity.Models;

/// <summary>A request that the emulator of this process received. It has no credentials and no body.</summary>
public sealed class AcsEmulatorRequest
{
    private readonly DateTimeOffset _time;

    internal AcsEmulatorRequest(LoggedRequest logged)
    {
        _time = logged.Time;
        Number = logged.Number;
        Operation = logged.Operation?.ToString();
        Method = logged.Method;
        Target = logged.Target;
        Status = logged.Status;
        Duration = logged.Duration;
        UserAgent = logged.UserAgent;
        RequestId = logged.RequestId;
        Fault = logged.Fault?.ToString();
    }

    /// <summary>The number of the request, from 1.</summary>
    public long Number { get; }

    /// <summary>When the request arrived, by the emulator's clock: a DateTimeOffset whose text is ISO 8601 in UTC.</summary>
    public PSObject Time => new UtcTime(_time);

    /// <summary>Create, Get, Issue, Revoke, Delete, Exchange or Assign. Null if the service has no such operation.</summary>
    public string? Operation { get; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>The path and the query, as they were sent.</summary>
    public string Target { get; }

    /// <summary>The HTTP status of the answer. Null if none was sent.</summary>
    public int? Status { get; }

    /// <summary>How long the emulator worked, without latency and the delay of a fault.</summary>
    public TimeSpan Duration { get; }

    /// <summary>The header User-Agent: which client sent the request. Null if there was none.</summary>
    public string? UserAgent { get; }

    /// <summary>The header x-ms-client-request-id. The tries of one call have the same. Null if there was none.</summary>
    public string? RequestId { get; }

    /// <summary>The kind of fault that the request was hit by. Null if there was none.</summary>
    public string? Fault { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Target}: {(object?)Status ?? "no answer"}";
}
