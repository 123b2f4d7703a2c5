using System;
using System.IO;
using System.Net;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Hosting;

namespace AcsIdentity.Benchmarks;

/// <summary>An HttpListener that gives every request the same answer. Its rate is the upper limit for the in-process host.</summary>
internal sealed class BareHttpListener : IDisposable
{
    private readonly HttpListener _listener;

    public BareHttpListener()
    {
        (_listener, int port) = LoopbackListener.Start(port: 0);
        Endpoint = new Uri($"http://localhost:{port}/");
        for (int loop = 0; loop < Environment.ProcessorCount; loop++)
        {
            _ = AnswerAsync();
        }
    }

    public Uri Endpoint { get; }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await context.Request.InputStream.CopyToAsync(Stream.Null);
            context.Response.ContentType = BareAnswer.ContentType;
            context.Response.ContentLength64 = BareAnswer.Body.Length;
            await context.Response.OutputStream.WriteAsync(BareAnswer.Body);
            context.Response.Close();
        }
    }
}
