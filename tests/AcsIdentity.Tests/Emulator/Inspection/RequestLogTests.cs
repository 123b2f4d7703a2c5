using System;
using System.Collections.Generic;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Inspection;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Inspection;

/// <summary>The log of requests to the service.</summary>
public sealed class RequestLogTests : IDisposable
{
    private readonly IdentityEmulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public void Requests_are_logged_without_secrets()
    {
        _emulator.Faults.Add(new Fault { Kind = FaultKind.LoseAnswer, Every = 2 });
        _emulator.Handle(Request().With(("User-Agent", "me"), ("x-ms-client-request-id", "my-id")));
        _emulator.Handle(Request());

        LoggedRequest lost = _emulator.Requests[0];
        LoggedRequest first = _emulator.Requests[1];
        Assert.Equal((2, null, FaultKind.LoseAnswer), (lost.Number, lost.Status, lost.Fault));
        Assert.Equal(
            (1, ServiceOperation.Create, "POST", "/identities?api-version=2023-10-01", 201, "me", "my-id", null),
            (first.Number, first.Operation, first.Method, first.Target, first.Status, first.UserAgent, first.RequestId, first.Fault));
        Assert.DoesNotContain("Signature", first.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/identities", ServiceOperation.Create)]
    [InlineData("DELETE", "/identities/x", ServiceOperation.Delete)]
    [InlineData("PUT", "/identities", null)]
    [InlineData("GET", "/nothing", null)]
    public void Refused_request_has_its_operation(string method, string target, ServiceOperation? operation)
    {
        Assert.Equal(401, _emulator.Handle(new EmulatorRequest { Method = method, RawTarget = target, Headers = new Dictionary<string, string>() }).Status);

        Assert.Equal(operation, Assert.Single(_emulator.Requests).Operation);
    }

    [Fact]
    public void Log_keeps_the_newest_1000_requests()
    {
        for (int i = 0; i < 1010; i++)
        {
            _emulator.Handle(Request());
        }

        Assert.Equal((1000, 1010, 11), (_emulator.Requests.Count, _emulator.Requests[0].Number, _emulator.Requests[^1].Number));
        Assert.Equal(1010, _emulator.RequestCount);
    }

    private EmulatorRequest Request() => SignedRequest.Create(_emulator.AccessKey, "POST", "/identities?api-version=2023-10-01");
}
