using System;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;

namespace AcsIdentity.Calls;

/// <summary>A call in a <see cref="CallQueue{TResult}"/>, whether in flight, done or still to be sent.</summary>
/// <param name="call">Makes the call.</param>
/// <param name="subject">The id or the tag that its failure names; null if the call is about the resource.</param>
/// <param name="tag">The tag of the identity; null if it has none.</param>
/// <param name="identity">The identity that it acts on, if the same pipeline created that identity; else null.</param>
internal sealed class PendingCall<TResult>(Func<Task<TResult>> call, string? subject, string? tag, ICreated? identity)
{
    /// <summary>The context of the thread that adds the call; null if it does not flow.</summary>
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    private Task<TResult>? _result;
    private volatile bool _isEnded;

    /// <summary>The identity that it acts on, if the same pipeline created that identity; else null.</summary>
    public ICreated? Identity => identity;

    /// <summary>Its result, once it has started.</summary>
    public Task<TResult> Result => _result!;

    /// <summary>Whether the queue counts it as ended.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>Starts it in its context, so that the AsyncLocals which it sets stay within the call. An exception becomes its result.</summary>
    public void Start()
    {
        if (_context is null)
        {
            Send();
        }
        else
        {
            ExecutionContext.Run(_context, pending => ((PendingCall<TResult>)pending!).Send(), this);
        }
    }

    /// <summary>Marks it as ended, and tells a failure what it was about.</summary>
    public void End()
    {
        if (Result.Exception?.InnerException is AcsServiceException failure)
        {
            failure.Subject = subject;
            failure.Tag = tag;
        }

        _isEnded = true;
    }

    private void Send()
    {
        try
        {
            _result = call();
        }
        catch (Exception failure)
        {
            _result = Task.FromException<TResult>(failure);
        }
    }
}
