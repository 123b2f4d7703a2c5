using System;
#if NET
using System.Net.Http;
using System.Threading;
#endif
using Azure.Core.Pipeline;

namespace AcsIdentity.Service.Transport;

/// <summary>
/// Sends requests as Azure.Core's own transport does, but gives up a connection that does not come about. Such a try never
/// reached the service; without this it would look like one that got no answer.
/// </summary>
internal static class ServiceTransport
{
#if NET
    /// <summary>The one of all resources, for its pool of connections.</summary>
    public static HttpPipelineTransport Shared { get; } = Create(connectTimeout: TimeSpan.FromSeconds(10));

    /// <param name="connectTimeout">How long a connection, TLS included, may take to come about.</param>
    public static HttpPipelineTransport Create(TimeSpan connectTimeout) => new HttpClientTransport(
        new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // Long work follows a resource that moves to another address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = connectTimeout,
        })
        {
            // The pipeline sees to that.
            Timeout = Timeout.InfiniteTimeSpan,
        });

    /// <summary>Whether a connection was given up.</summary>
    public static bool IsConnectTimeout(Exception failure) => failure is OperationCanceledException { InnerException: TimeoutException };
#else
    /// <summary>The .NET Framework knows no time limit for the connection alone.</summary>
    public static HttpPipelineTransport Shared => HttpClientTransport.Shared;

    /// <summary>Whether a connection was given up.</summary>
    public static bool IsConnectTimeout(Exception _) => false;
#endif
}
