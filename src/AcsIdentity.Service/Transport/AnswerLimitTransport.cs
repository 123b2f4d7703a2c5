using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Service.Transport;

/// <summary>
/// Reads at most 1 MiB of an answer, many times what a service sends. It is a transport, not a policy, because Azure.Identity
/// drops the policies that it is given for a managed identity.
/// </summary>
internal sealed class AnswerLimitTransport(HttpPipelineTransport inner) : HttpPipelineTransport
{
    private const int MaximumLength = 1024 * 1024;

    public override Request CreateRequest() => inner.CreateRequest();

    /// <inheritdoc/>
    /// <exception cref="UnusableAnswerException">The answer says that it is longer. Nothing of it was read.</exception>
    public override void Process(HttpMessage message)
    {
        inner.Process(message);
        Limit(message.Response);
    }

    /// <inheritdoc/>
    /// <exception cref="UnusableAnswerException">The answer says that it is longer. Nothing of it was read.</exception>
    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        await inner.ProcessAsync(message).ConfigureAwait(false);
        Limit(message.Response);
    }

    private static void Limit(Response response)
    {
        if (response.ContentStream is not { } content)
        {
            return;
        }

        if (response.Headers.ContentLengthLong is > MaximumLength and var length)
        {
            content.Dispose();
            throw TooLong(response.Status, FormattableString.Invariant($"{length:N0} bytes"));
        }

        response.ContentStream = new LimitedStream(content, response.Status);
    }

    private static UnusableAnswerException TooLong(int status, string size) =>
        new(status, $"The answer is too large: it has {size}, and at most 1 MiB is read.");

    /// <summary>The content of an answer, up to the limit.</summary>
    private sealed class LimitedStream(Stream content, int status) : Stream
    {
        /// <summary>One byte more than the limit, to know that there is more.</summary>
        private int _left = MaximumLength + 1;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Count(content.Read(buffer, offset, Math.Min(count, _left)));

        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Count(await content.ReadAsync(buffer, offset, Math.Min(count, _left), cancellationToken).ConfigureAwait(false));
#if NET
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await content.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken).ConfigureAwait(false));
#endif

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                content.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Count(int read)
        {
            _left -= read;
            if (_left == 0)
            {
                content.Dispose();
                throw TooLong(status, "more");
            }

            return read;
        }
    }
}
