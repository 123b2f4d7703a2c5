using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Hosting;

/// <summary>One request to an <see cref="HttpListener"/> and its response.</summary>
internal sealed class HttpListenerExchange(IdentityEmulator emulator, HttpListenerContext context)
{
    private static readonly bool _isWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>
    /// Outside Windows, HttpListener closes a connection that is idle for 15 s, and does not say so. A request that is sent at
    /// that moment is lost. Clients that read this header, such as .NET's and Node.js's, stop using the connection earlier.
    /// </summary>
    private static readonly string? _keepAlive = _isWindows ? null : "timeout=10";

    /// <summary>Reads the request, passes it to the emulator and sends the response. Does not throw.</summary>
    /// <param name="isRefused">Whether the host has too many requests. The client gets a 503.</param>
    /// <param name="stopping">Cancels the exchange.</param>
    public async Task RunAsync(bool isRefused, CancellationToken stopping)
    {
        try
        {
            EmulatorResponse response = isRefused ? CloseWith(503) : await HandleAsync(stopping).ConfigureAwait(false);
            await Task.Delay(response.Delay, stopping).ConfigureAwait(false);
            await SendInTimeAsync(response, stopping).ConfigureAwait(false);
        }
        catch (Exception disconnected) when (disconnected is IOException or OperationCanceledException or HttpListenerException or ObjectDisposedException)
        {
            // The client disconnected or the host stopped.
            context.Response.Abort();
        }
        catch (Exception)
        {
            // A bug in the emulator. Without a response the client would wait until its timeout.
            SendServerError();
        }
    }

    private static EmulatorRequest ReadHead(HttpListenerRequest request)
    {
        var headers = new Dictionary<string, string>(request.Headers.Count, StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < request.Headers.Count; index++)
        {
            if (request.Headers.GetKey(index) is { } name)
            {
                headers.Add(name, request.Headers.Get(index) ?? "");
            }
        }

        return new EmulatorRequest { Method = request.HttpMethod, RawTarget = request.RawUrl ?? "/", Headers = headers };
    }

    private async Task<EmulatorResponse> HandleAsync(CancellationToken stopping)
    {
        // On Windows, HttpListener listens on all addresses, and the name localhost is compared with the header Host only.
        // https://learn.microsoft.com/windows/win32/http/ip-listen-list
        if (_isWindows && !IPAddress.IsLoopback(context.Request.RemoteEndPoint.Address))
        {
            return CloseWith(403);
        }

        EmulatorRequest head = ReadHead(context.Request);
        if (!HasAcceptableLength(head))
        {
            return CloseWith(431);
        }

        long? length = context.Request.ContentLength64 >= 0 ? context.Request.ContentLength64 : null;
        EmulatorRequest request = await head.WithBodyAsync(context.Request.InputStream, length, emulator.BodyTimeout, stopping).ConfigureAwait(false);
        if (!request.IsBodyWhole)
        {
            // To keep the connection, HttpListener would read the rest, and block a thread until the client has sent it.
            context.Response.KeepAlive = false;
        }

        return emulator.Handle(request);
    }

    /// <summary>Kestrel checks the head while it reads it. HttpListener has no limit for it outside Windows, or another one.</summary>
    private static bool HasAcceptableLength(EmulatorRequest head) =>
        head.RawTarget.Length <= HeadLimits.MaxRequestLineBytes
        && head.Headers.Count <= HeadLimits.MaxHeaderCount
        && head.Headers.Sum(header => (long)header.Key.Length + header.Value.Length) <= HeadLimits.MaxHeaderBytes;

    private EmulatorResponse CloseWith(int status)
    {
        context.Response.KeepAlive = false;
        return new EmulatorResponse { Status = status };
    }

    /// <exception cref="OperationCanceledException">The client has not received the response in time. The response waits in memory until then.</exception>
    private async Task SendInTimeAsync(EmulatorResponse response, CancellationToken stopping)
    {
        Task sending = SendAsync(response);
        if (!sending.IsCompleted)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            if (await Task.WhenAny(sending, Task.Delay(emulator.BodyTimeout, end.Token)).ConfigureAwait(false) != sending)
            {
                throw new OperationCanceledException();
            }

            end.Cancel();
        }

        await sending.ConfigureAwait(false);
    }

    private async Task SendAsync(EmulatorResponse response)
    {
        HttpListenerResponse target = context.Response;
        if (response.Delivery == Delivery.None)
        {
            // HttpListener sends a response head before it closes a connection. This head announces a body that is never sent.
            target.ContentLength64 = 1;
            target.Abort();
            return;
        }

        target.StatusCode = response.Status;
        foreach (KeyValuePair<string, string> header in response.Headers)
        {
            target.Headers[header.Key] = header.Value;
        }

        if (_keepAlive is not null)
        {
            target.Headers["Keep-Alive"] = _keepAlive;
        }

        target.ContentLength64 = response.Body.Length;
        int length = response.Delivery == Delivery.Half ? response.Body.Length / 2 : response.Body.Length;
        await target.OutputStream.WriteAsync(response.Body, 0, length).ConfigureAwait(false);
        if (response.Delivery == Delivery.Half)
        {
            await target.OutputStream.FlushAsync().ConfigureAwait(false);
            target.Abort();
            return;
        }

        target.Close();
    }

    private void SendServerError()
    {
        try
        {
            context.Response.StatusCode = 500;
            context.Response.ContentLength64 = 0;
            context.Response.Close();
        }
        catch (InvalidOperationException)
        {
            // The response head is already sent.
            context.Response.Abort();
        }
    }
}
