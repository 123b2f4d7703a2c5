using System;
using System.Globalization;
using System.Net;
using System.Text;

namespace AcsIdentity.Emulator.Http;

/// <summary>
/// Writes HTML from interpolated strings: what they spell out is markup, and what stands in their holes is text and encoded.
/// There is no way to append a value as it is.
/// </summary>
internal sealed class HtmlBuilder
{
    private static readonly HoleFormatter _encoding = new();

    private readonly StringBuilder _html = new();

    public void Append(FormattableString markup) => _html.AppendFormat(_encoding, markup.Format, markup.GetArguments());

    public override string ToString() => _html.ToString();

    private sealed class HoleFormatter : IFormatProvider, ICustomFormatter
    {
        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) =>
            WebUtility.HtmlEncode(arg is IFormattable value ? value.ToString(format, CultureInfo.InvariantCulture) : arg?.ToString()) ?? "";
    }
}
