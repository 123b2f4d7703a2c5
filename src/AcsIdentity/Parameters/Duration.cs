using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace AcsIdentity.Parameters;

/// <summary>Reads a duration: a time span, the text of one, or numbers with units, such as 2h, 1h30m or 500ms.</summary>
internal static class Duration
{
    private static readonly (string Name, double Ticks)[] _units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    private static readonly Regex _numbersWithUnits = new(
        $@"\A{string.Concat(_units.Select(unit => $@"((?<{unit.Name}>[0-9]+(\.[0-9]+)?){unit.Name}\s*)?"))}\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    /// <summary>Reads a duration of any length.</summary>
    /// <exception cref="FormatException">The value is not a duration. The message says how to write one.</exception>
    public static TimeSpan Read(object value)
    {
        if ((value is PSObject wrapped ? wrapped.BaseObject : value) is TimeSpan given)
        {
            return given;
        }

        // PowerShell takes 1d and 2s for numbers, of the types decimal and short, but keeps what was written as their text.
        string text = LanguagePrimitives.ConvertTo<string>(value).Trim();
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            // PowerShell would take 1 for one tick, and '1' for one day.
            throw new FormatException($"{text} has no unit, so it may mean minutes, hours or anything else. Write {string.Join(" or ", _units.Select(unit => text + unit.Name).Reverse())}.");
        }

        return ReadUnits(text)
            ?? (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan parsed) ? parsed : (TimeSpan?)null)
            ?? throw new FormatException("A duration is needed, such as 2h, 1h30m or 02:00:00; 500ms or 00:00:00.5.");
    }

    /// <summary>Reads a duration that is longer than nothing and at most a day.</summary>
    /// <exception cref="FormatException">The value is not such a duration. The message says how to write one.</exception>
    public static TimeSpan ReadWithinDay(object value)
    {
        TimeSpan duration = Read(value);
        return duration > TimeSpan.Zero && duration <= _day
            ? duration
            : throw new FormatException("A duration longer than 0 and at most 1 day is needed, such as 500ms or 00:00:00.5.");
    }

    private static TimeSpan? ReadUnits(string text)
    {
        Match match = _numbersWithUnits.Match(text);
        double ticks = _units.Sum(unit => match.Groups[unit.Name] is { Success: true } number ? double.Parse(number.Value, CultureInfo.InvariantCulture) * unit.Ticks : 0);
        return text.Length > 0 && match.Success && ticks < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)Math.Round(ticks)) : null;
    }
}
