using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace AcsIdentity.Emulator.Server;

/// <summary>One request to Kestrel and its response.</summary>
internal sealed class KestrelExchange(IdentityEmulator emulator, HttpContext context)
{
    /// <summary>Reads the request, passes it to the emulator and sends the response.</summary>
    public async Task RunAsync()
    {
        CancellationToken disconnected = context.RequestAborted;
        EmulatorRequest request;
        try
        {
            request = await ReadHead(context)
                .WithBodyAsync(ReadBodyAsync, context.Request.BodyReader.CancelPendingRead, emulator.BodyTimeout, disconnected).ConfigureAwait(false);
        }
        catch (IOException problem) when (problem is not BadHttpRequestException)
        {
            // The client has disconnected, or sent the size of a chunk that is too large for Kestrel, which would answer 500 and log it.
            context.Abort();
            return;
        }

        EmulatorResponse response = emulator.Handle(request);
        await Task.Delay(response.Delay, disconnected).ConfigureAwait(false);
        if (response.Delivery == Delivery.None)
        {
            context.Abort();
            return;
        }

        await SendInTimeAsync(response, disconnected).ConfigureAwait(false);
    }

    private static EmulatorRequest ReadHead(HttpContext context) => new()
    {
        Method = context.Request.Method,
        // The raw target, because the client signed it before any decoding.
        RawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
        IsSecure = context.Request.IsHttps,
        Headers = context.Request.Headers.ToDictionary(
            header => header.Key, (KeyValuePair<string, StringValues> header) => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
    };

    /// <summary>Reads from the pipe, because a read of the stream that is cancelled leaves the pipe unusable. Kestrel then logs that it cannot drain the body.</summary>
    private async Task<int> ReadBodyAsync(ArraySegment<byte> buffer)
    {
        ReadResult result = await context.Request.BodyReader.ReadAsync().ConfigureAwait(false);
        int length = (int)Math.Min(result.Buffer.Length, buffer.Count);
        ReadOnlySequence<byte> part = result.Buffer.Slice(0, length);
        part.CopyTo(buffer);
        // The part is not valid after this.
        context.Request.BodyReader.AdvanceTo(part.End);
        return length;
    }

    /// <summary>Ends the connection if the client does not receive the response in time. Kestrel's own limit gives a long response hours.</summary>
    private async Task SendInTimeAsync(EmulatorResponse response, CancellationToken disconnected)
    {
        Task sending = SendAsync(response, disconnected);
        try
        {
            // Starts no timer if the response is already sent, as most are.
            await sending.WaitAsync(emulator.BodyTimeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            context.Abort();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private async Task SendAsync(EmulatorResponse response, CancellationToken disconnected)
    {
        context.Response.StatusCode = response.Status;
        foreach (KeyValuePair<string, string> header in response.Headers)
        {
            context.Response.Headers[header.Key] = header.Value;
        }

        if (response.Status == StatusCodes.Status204NoContent)
        {
            return;
        }

        context.Response.ContentLength = response.Body.Length;
        bool isHalf = response.Delivery == Delivery.Half;
        await context.Response.Body.WriteAsync(response.Body.AsMemory(0, isHalf ? response.Body.Length / 2 : response.Body.Length), disconnected).ConfigureAwait(false);
        if (isHalf)
        {
            await context.Response.Body.FlushAsync(disconnected).ConfigureAwait(false);
            context.Abort();
        }
    }
}
