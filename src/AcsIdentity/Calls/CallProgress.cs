using System;
using System.Diagnostics;
using System.Management.Automation;

namespace AcsIdentity.Calls;

/// <summary>Shows the progress of a cmdlet after its first second, at most four times a second.</summary>
/// <param name="command">The cmdlet. Progress is written on its thread.</param>
/// <param name="activity">What the cmdlet does.</param>
/// <param name="total">The number of objects; null if it is not known.</param>
internal sealed class CallProgress(Cmdlet command, string activity, int? total)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = TimeSpan.FromSeconds(1);
    private int _done;
    private bool _isShown;

    /// <summary>Counts one object as done.</summary>
    public void Count() => _done++;

    /// <summary>Shows the progress if it is time to.</summary>
    /// <param name="quotaWait">Returns how long calls will wait for the service's quota.</param>
    public void Show(Func<TimeSpan> quotaWait)
    {
        TimeSpan elapsed = _watch.Elapsed;
        if (elapsed < _next)
        {
            return;
        }

        _next = elapsed + _interval;
        _isShown = true;
        command.WriteProgress(Record(elapsed, quotaWait()));
    }

    /// <summary>Removes the progress from the screen.</summary>
    public void Complete()
    {
        if (_isShown)
        {
            command.WriteProgress(new ProgressRecord(0, activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private ProgressRecord Record(TimeSpan elapsed, TimeSpan quotaWait)
    {
        double rate = _done / elapsed.TotalSeconds;
        string status = FormattableString.Invariant($"{_done:N0}{(total is { } all ? $" of {all:N0}" : "")}, {rate:N0} a second");
        var record = new ProgressRecord(0, activity, status);
        if (quotaWait > TimeSpan.Zero)
        {
            record.CurrentOperation = FormattableString.Invariant($"waiting {Math.Ceiling(quotaWait.TotalSeconds):N0} s for the service's quota");
        }

        if (total is { } known && _done > 0)
        {
            record.PercentComplete = (int)(100L * _done / known);
            record.SecondsRemaining = (int)Math.Min((known - _done) / rate, int.MaxValue);
        }

        return record;
    }
}
