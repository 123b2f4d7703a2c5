using System;
using System.Globalization;

namespace AcsIdentity.Models;

/// <summary>The text of a time: ISO 8601 in UTC, the same in every culture.</summary>
internal static class Iso8601
{
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
