using System;
using System.Globalization;
using System.Net;
using System.Text;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator.Http;

/// <summary>
/// Builds HTML from interpolated strings: the literal parts are markup, and every interpolated value is encoded as text, with its
/// control characters and marks of direction as escapes. No method appends a value without encoding.
/// </summary>
internal sealed class HtmlBuilder
{
    private static readonly EncodingFormatter _encoder = new();

    private readonly StringBuilder _html = new();

    public void Append(FormattableString markup) => _html.AppendFormat(_encoder, markup.Format, markup.GetArguments());

    public override string ToString() => _html.ToString();

    private sealed class EncodingFormatter : IFormatProvider, ICustomFormatter
    {
        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) =>
            WebUtility.HtmlEncode(VisibleText.Of((arg is IFormattable value ? value.ToString(format, CultureInfo.InvariantCulture) : arg?.ToString()) ?? ""));
    }
}
