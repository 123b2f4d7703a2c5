using System.Linq;
using AcsIdentity.Models;
using Xunit;

namespace AcsIdentity.Tests.Core;

public sealed class ViewTextTests
{
    [Fact]
    public void Every_character_that_controls_what_is_shown_becomes_an_escape()
    {
        int[] controls = [.. Enumerable.Range(0, 0x20), .. Enumerable.Range(0x7F, 0x21), 0x2028, 0x2029];
        int[] directions = [0x061C, 0x200E, 0x200F, .. Enumerable.Range(0x202A, 5), .. Enumerable.Range(0x2066, 4)];
        int[] escaped = [.. Enumerable.Range(0, 0x10000).Where(code => ViewText.Of((char)code) != ((char)code).ToString())];

        Assert.Equal(controls.Concat(directions).Order(), escaped);
        Assert.All(escaped, code => Assert.Equal($"a\\u{code:x4}b", ViewText.Of($"a{(char)code}b")));
    }

    [Fact]
    public void Other_text_stays_as_it_is()
    {
        const string Text = @"C:\users\åsa ""Ö"" \u001b 😀 مرحبا";

        Assert.Same(Text, ViewText.Of(Text));
        Assert.Equal("", ViewText.Of(null));
        Assert.Equal("7", ViewText.Of(7));
    }
}
