using System;

namespace AcsIdentity.Emulator.Tokens;

/// <summary>An access token as the service returns it to a client. Not a record: ToString of a record would print the token.</summary>
internal readonly struct IssuedToken(string text, DateTimeOffset expiresOn)
{
    public string Text { get; } = text;

    public DateTimeOffset ExpiresOn { get; } = expiresOn;
}
