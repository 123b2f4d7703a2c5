using System;

namespace AcsIdentity.Emulator;

/// <summary>The emulator's clock. It starts with the real time, and a test can move it. It goes on running. Safe for concurrent use.</summary>
public sealed class EmulatorClock : TimeProvider
{
    /// <summary>The earliest and the latest time that the clock can be set to. A token's expiry must still be a time.</summary>
    private static readonly DateTimeOffset _earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _latest = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The most that all moves forward count in the timestamp, which has room for 29,000 years.</summary>
    private static readonly TimeSpan _mostAdvanced = TimeSpan.FromDays(20_000 * 365);

    private readonly TimeProvider _source;
    private readonly long _start;
    private readonly object _lock = new();
    private TimeSpan _offset;
    private TimeSpan _advanced;
    private bool _movesRequestDates;

    /// <param name="source">The clock that is moved.</param>
    internal EmulatorClock(TimeProvider source)
    {
        _source = source;
        _start = source.GetTimestamp();
        RequestDates = new RequestDateClock(this);
    }

    /// <summary>Occurs after the clock was moved.</summary>
    public event EventHandler? Moved;

    /// <summary>How far the clock is ahead of the real time; negative if it is behind.</summary>
    public TimeSpan Offset
    {
        get
        {
            lock (_lock)
            {
                return _offset;
            }
        }
    }

    /// <summary>Whether the dates that clients write into their requests are compared with this clock. If not, with the real time.</summary>
    public bool MovesRequestDates
    {
        get
        {
            lock (_lock)
            {
                return _movesRequestDates;
            }
        }
    }

    /// <summary>Not the real clock's: in nanoseconds, a timestamp has room for 292 years only.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The clock for the dates that clients write into their requests.</summary>
    internal TimeProvider RequestDates { get; }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _source.GetUtcNow() + Offset;

    /// <summary>Never goes back: setting the clock back changes the date, but undoes no waiting.</summary>
    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return (_source.GetElapsedTime(_start) + _advanced).Ticks;
        }
    }

    /// <summary>Moves the clock forward.</summary>
    /// <param name="time">How far.</param>
    /// <param name="movesRequestDates">Whether to move the clock for the dates in requests too. Clients keep the real time, so it refuses them after more than 5 minutes.</param>
    /// <exception cref="ArgumentException">The time is negative, or the clock would be out of range.</exception>
    public void Advance(TimeSpan time, bool movesRequestDates = false)
    {
        if (time < TimeSpan.Zero)
        {
            throw new ArgumentException("The clock cannot be moved back by a duration. Set it to a time.");
        }

        Move(now => time <= _latest - now ? time : throw OutOfRange(), movesRequestDates);
    }

    /// <summary>Sets the clock. It may go back.</summary>
    /// <param name="now">The time.</param>
    /// <param name="movesRequestDates">Whether to set the clock for the dates in requests too. Clients keep the real time, so it refuses them after more than 5 minutes.</param>
    /// <exception cref="ArgumentException">The time is out of range.</exception>
    public void Set(DateTimeOffset now, bool movesRequestDates = false)
    {
        if (now < _earliest || now > _latest)
        {
            throw OutOfRange();
        }

        Move(from => now - from, movesRequestDates);
    }

    /// <summary>Sets the clock to the real time.</summary>
    public void Reset() => Move(_ => -_offset, movesRequestDates: false);

    private void Move(Func<DateTimeOffset, TimeSpan> distance, bool movesRequestDates)
    {
        lock (_lock)
        {
            TimeSpan moved = distance(_source.GetUtcNow() + _offset);
            _offset += moved;
            TimeSpan advanced = moved > TimeSpan.Zero ? _advanced + moved : _advanced;
            _advanced = advanced < _mostAdvanced ? advanced : _mostAdvanced;
            _movesRequestDates = movesRequestDates;
        }

        Moved?.Invoke(this, EventArgs.Empty);
    }

    private static ArgumentException OutOfRange() =>
        new(FormattableString.Invariant($"The clock must be from {_earliest:yyyy-MM-dd} to {_latest:yyyy-MM-dd}."));

    private sealed class RequestDateClock(EmulatorClock clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.MovesRequestDates ? clock.GetUtcNow() : clock._source.GetUtcNow();
    }
}
