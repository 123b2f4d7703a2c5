using System;
using System.Diagnostics;
using System.Management.Automation;

namespace AcsIdentity.Calls;

/// <summary>Shows the progress of a cmdlet after its first second, at most four times a second. Tells -Verbose of waits.</summary>
/// <param name="command">The cmdlet. Progress is written on its thread.</param>
/// <param name="activity">What the cmdlet does.</param>
/// <param name="total">The number of objects; null if it is not known.</param>
/// <param name="isShown">Whether progress is shown.</param>
internal sealed class CallProgress(Cmdlet command, string activity, int? total, bool isShown)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = TimeSpan.FromSeconds(1);
    private bool _isOnScreen;
    private bool _isWaiting;

    /// <summary>Shows the progress if it is time to.</summary>
    /// <param name="done">How many objects are done.</param>
    /// <param name="quotaWait">Returns how long calls will wait for the service's quota.</param>
    public void Show(int done, Func<TimeSpan> quotaWait)
    {
        TimeSpan elapsed = _watch.Elapsed;
        if (elapsed < _next)
        {
            return;
        }

        _next = elapsed + _interval;
        string wait = DescribeWait(quotaWait());
        if (!_isWaiting && wait.Length > 0)
        {
            command.WriteVerbose($"{activity}: {wait}");
        }

        _isWaiting = wait.Length > 0;
        if (isShown)
        {
            _isOnScreen = true;
            command.WriteProgress(Record(done, elapsed, wait));
        }
    }

    /// <summary>Removes the progress from the screen.</summary>
    public void Complete()
    {
        if (_isOnScreen)
        {
            command.WriteProgress(new ProgressRecord(0, activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private static string DescribeWait(TimeSpan wait) =>
        wait > TimeSpan.Zero ? FormattableString.Invariant($"waiting {Math.Ceiling(wait.TotalSeconds):N0} s for the service's quota") : "";

    private ProgressRecord Record(int done, TimeSpan elapsed, string wait)
    {
        double rate = done / elapsed.TotalSeconds;
        // PowerShell 7's default view draws the status, and not CurrentOperation.
        string status = FormattableString.Invariant($"{done:N0}{(total is { } all ? $" of {all:N0}" : "")}, {rate:N0} a second{(wait.Length > 0 ? ", " + wait : "")}");
        var record = new ProgressRecord(0, activity, status);
        if (total is { } known && done > 0)
        {
            record.PercentComplete = (int)(100L * done / known);
            record.SecondsRemaining = (int)Math.Min((known - done) / rate, int.MaxValue);
        }

        return record;
    }
}
