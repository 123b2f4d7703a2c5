using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace AcsIdentity.Parameters;

/// <summary>Reads a duration: a TimeSpan, the text of a TimeSpan, or numbers with units, such as 2h, 1h30m or 500ms.</summary>
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
        if (ArgumentValue.Unwrap(value) is TimeSpan given)
        {
            return given;
        }

        // PowerShell parses 1d as a decimal and 2s as a short. Their text is still the one that was typed.
        return Parse(LanguagePrimitives.ConvertTo<string>(value));
    }

    /// <summary>Reads the text of a duration.</summary>
    /// <exception cref="FormatException">The text is not a duration. The message says how to write one.</exception>
    public static TimeSpan Parse(string text)
    {
        text = text.Trim();
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            // PowerShell would convert 1 to one tick and '1' to one day.
            throw new FormatException($"{text} has no unit. Write {text}m for minutes or {text}h for hours. The units are d, h, m, s and ms.");
        }

        return ReadUnits(text)
            ?? (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan parsed) ? parsed : (TimeSpan?)null)
            ?? throw new FormatException("A duration is needed, such as 2h, 1h30m, 500ms or 02:00:00.");
    }

    /// <summary>Reads a duration that is longer than 0 and at most 1 day.</summary>
    /// <exception cref="FormatException">The value is not a duration, or is out of range. The message says how to write one.</exception>
    public static TimeSpan ReadWithinDay(object value)
    {
        TimeSpan duration = Read(value);
        return duration > TimeSpan.Zero && duration <= _day
            ? duration
            : throw new FormatException("The duration must be longer than 0 and at most 1 day, such as 500ms or 00:00:00.5.");
    }

    private static TimeSpan? ReadUnits(string text)
    {
        Match match = _numbersWithUnits.Match(text);
        double ticks = _units.Sum(unit => match.Groups[unit.Name] is { Success: true } number ? double.Parse(number.Value, CultureInfo.InvariantCulture) * unit.Ticks : 0);
        return text.Length > 0 && match.Success && ticks < TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)Math.Round(ticks)) : null;
    }
}
