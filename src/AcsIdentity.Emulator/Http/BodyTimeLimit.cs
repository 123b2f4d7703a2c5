using System;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Emulator.Http;

/// <summary>The time in which a client must send a body. It begins with the first read that waits: most bodies arrive with the head.</summary>
internal sealed class BodyTimeLimit(TimeSpan timeout, CancellationToken cancellationToken) : IDisposable
{
    private CancellationTokenSource? _end;
    private Task? _over;

    /// <exception cref="OperationCanceledException">The time is over, or the read was cancelled, before the read ended.</exception>
    public async ValueTask<int> ReadAsync(Task<int> read, Action? endRead)
    {
        if (!read.IsCompleted && await Task.WhenAny(read, Over()).ConfigureAwait(false) != read)
        {
            if (endRead is not null)
            {
                endRead();
                await read.ConfigureAwait(false);
            }

            throw new OperationCanceledException();
        }

        return await read.ConfigureAwait(false);
    }

    public void Dispose() => _end?.Dispose();

    private Task Over()
    {
        if (_over is null)
        {
            _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _end.CancelAfter(timeout);
            _over = Task.Delay(Timeout.Infinite, _end.Token);
        }

        return _over;
    }
}
