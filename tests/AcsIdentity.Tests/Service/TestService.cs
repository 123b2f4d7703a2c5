using System;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using AcsIdentity.Service.Retries;
using AcsIdentity.Service.Transport;
using AcsIdentity.Tests.Support;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Tests.Service;

/// <summary>Creates the adapter for a server of a test, and has what its tests share.</summary>
internal static class TestService
{
    public const string Key = "a2V5IG9mIHRoZSBhZGFwdGVyIHRlc3Rz";
    public const string Id = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081";
    public const string CreatedId = "8:acs:r_u";
    public const string CreatedBody = """{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":"t","expiresOn":"2023-10-10T21:39:39Z"}}""";

    /// <summary>A time limit that no call of a test reaches.</summary>
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static readonly string Created = RecordingServer.Answer(201, CreatedBody);
    public static readonly string NoContent = RecordingServer.Answer(204, "");

    public static IIdentityService For(RecordingServer server, HttpPipelineTransport? transport = null, TimeProvider? clock = null) =>
        For(server.Endpoint, transport: transport, clock: clock);

    public static IIdentityService For(TcpListener server, DelayStrategy? delays = null, TimeSpan? attemptTimeout = null, TimeProvider? clock = null) =>
        For(AddressOf(server), delays, attemptTimeout, clock: clock);

    public static IIdentityService For(Uri endpoint, DelayStrategy? delays = null, TimeSpan? attemptTimeout = null, HttpPipelineTransport? transport = null, TimeProvider? clock = null) =>
        IdentityServiceFactory.Create(
            endpoint,
            new ServiceCredential.AccessKey(Secret.FromText(Key)),
            new EntraSettings(),
            new ServiceQuota(),
            new IdentityRetryPolicy(delays ?? new NoDelay()),
            attemptTimeout ?? TimeSpan.FromSeconds(30),
            transport ?? ServiceTransport.Shared,
            clock ?? TimeProvider.System);

    /// <summary>A server that accepts connections and never responds.</summary>
    public static TcpListener SilentServer()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    public static Uri ClosedPort()
    {
        using TcpListener probe = SilentServer();
        return AddressOf(probe);
    }

    public static Uri AddressOf(TcpListener listener) => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public static string RequestIdOf(string request) => Regex.Match(request, "x-ms-client-request-id: ([^\r]+)").Groups[1].Value;
}
