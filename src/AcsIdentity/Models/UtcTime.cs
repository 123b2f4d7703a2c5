using System;
using System.Management.Automation;

namespace AcsIdentity.Models;

/// <summary>
/// A DateTimeOffset for PowerShell. Tables, lists and Export-Csv show it as ISO 8601 in UTC, for example
/// 2026-11-25T12:00:00Z, whatever the culture. To scripts it is a DateTimeOffset: they can compare, sort and format it.
/// </summary>
/// <remarks>Export-Csv and the views call ToString of a property's value, which for a DateTimeOffset depends on the culture.</remarks>
internal sealed class UtcTime : PSObject, IFormattable
{
    private readonly DateTimeOffset _time;

    public UtcTime(DateTimeOffset time)
        : base(time.ToUniversalTime()) => _time = time.ToUniversalTime();

    public override string ToString() => Iso8601.Format(_time);

    /// <summary>Formats the time for the operator -f and for a column with a format string.</summary>
    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) =>
        string.IsNullOrEmpty(format) ? ToString() : _time.ToString(format, formatProvider);
}
