using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Benchmarks;

/// <summary>
/// Sends requests over a number of connections. Each connection sends its next request when it has the last answer. The
/// requests are signed in advance and repeated, so that mostly the server's work is measured.
/// </summary>
internal sealed class Load(Uri endpoint, IReadOnlyList<EmulatorRequest> requests, int connections) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = connections });

    /// <summary>Sends requests for a time.</summary>
    /// <returns>Answers per second.</returns>
    /// <exception cref="HttpRequestException">An answer is not a success.</exception>
    public async Task<double> RunAsync(TimeSpan duration, CancellationToken stopping)
    {
        var watch = Stopwatch.StartNew();
        int[] answers = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(
            async () =>
            {
                int sent = 0;
                for (; watch.Elapsed < duration; sent++)
                {
                    await SendAsync(requests[sent % requests.Count], stopping);
                }

                return sent;
            },
            stopping)));
        return answers.Sum() / watch.Elapsed.TotalSeconds;
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(EmulatorRequest request, CancellationToken stopping)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(endpoint, request.RawTarget))
        {
            Content = new ByteArrayContent(request.Body),
        };
        foreach (KeyValuePair<string, string> header in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        using HttpResponseMessage response = await _client.SendAsync(message, stopping);
        response.EnsureSuccessStatusCode();
        await response.Content.CopyToAsync(Stream.Null, stopping);
    }
}
