using System;
#if NET
using System.Net.Http;
using System.Threading;
#endif
using Azure.Core.Pipeline;

namespace AcsIdentity.Service.Transport;

/// <summary>
/// Sends requests as Azure.Core's own transport does, but with a time limit for the connection. An attempt that reaches it
/// was never sent; without the limit it would look like an attempt that got no response.
/// </summary>
internal static class ServiceTransport
{
#if NET
    /// <summary>One transport for all resources, because it has the pool of connections.</summary>
    public static HttpPipelineTransport Shared { get; } = Create(connectTimeout: TimeSpan.FromSeconds(10));

    /// <param name="connectTimeout">Time limit for a connection, TLS included.</param>
    public static HttpPipelineTransport Create(TimeSpan connectTimeout) => new HttpClientTransport(
        new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A long run follows a resource that moves to another address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = connectTimeout,
        })
        {
            // The pipeline has its own time limit for each attempt.
            Timeout = Timeout.InfiniteTimeSpan,
        });

    /// <summary>Whether an attempt failed because its connection timed out.</summary>
    public static bool IsConnectTimeout(Exception failure) => failure is OperationCanceledException { InnerException: TimeoutException };
#else
    /// <summary>The .NET Framework has no time limit for the connection alone.</summary>
    public static HttpPipelineTransport Shared => HttpClientTransport.Shared;

    /// <summary>Whether an attempt failed because its connection timed out.</summary>
    public static bool IsConnectTimeout(Exception _) => false;
#endif
}
