using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Text.Json;
using AcsIdentity.Shared;

namespace AcsIdentity.Models;

/// <summary>The claims of an access token. They are not verified: only the service can tell whether a token is valid.</summary>
public sealed class CommunicationTokenClaims
{
    private CommunicationTokenClaims(IReadOnlyDictionary<string, object?> claims, string? tag)
    {
        Tag = tag;
        Claims = claims;
        Id = GetText("skypeid") is { } user ? "8:" + user : null;
        ResourceId = GetText("resourceId");
        Scope = new TokenScope(TokenScope.Split([GetText("acsScope")]));
        Issued = GetTime("iat");
        Expiry = GetTime("exp");
    }

    /// <summary>The caller's name for the identity. It is not a claim: the object that the token came from has it.</summary>
    public string? Tag { get; }

    /// <summary>The id of the identity: claim skypeid, with the prefix of ids.</summary>
    public string? Id { get; }

    /// <summary>The scopes of the token: claim acsScope.</summary>
    public TokenScope Scope { get; }

    /// <summary>When the token was issued: claim iat, as a DateTimeOffset whose text is ISO 8601 in UTC.</summary>
    public PSObject? IssuedOn => Issued is { } time ? new UtcTime(time) : null;

    /// <summary>When the token expires: claim exp, as a DateTimeOffset whose text is ISO 8601 in UTC.</summary>
    public PSObject? ExpiresOn => Expiry is { } time ? new UtcTime(time) : null;

    /// <summary>The immutable id of the resource: claim resourceId.</summary>
    public string? ResourceId { get; }

    /// <summary>All claims by name. The service does not guarantee any of them.</summary>
    public IReadOnlyDictionary<string, object?> Claims { get; }

    internal DateTimeOffset? Issued { get; }

    internal DateTimeOffset? Expiry { get; }

    /// <summary>Reads a token.</summary>
    /// <exception cref="FormatException">The text is not a JSON Web Token. The message does not contain the token.</exception>
    internal static CommunicationTokenClaims Read(string token, string? tag = null)
    {
        string[] parts = token.Trim().Split('.');
        if (parts.Length != 3)
        {
            throw new FormatException("An access token has three parts, separated by dots. This one " + (token.Length == 0 ? "is empty." : $"has {parts.Length}."));
        }

        try
        {
            using JsonDocument payload = JsonDocument.Parse(Base64Url.Decode(parts[1]));
            var claims = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (JsonProperty claim in payload.RootElement.EnumerateObject())
            {
                claims[claim.Name] = GetValue(claim.Value);
            }

            return new CommunicationTokenClaims(claims, tag);
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException)
        {
            // No inner exception: a JSON error quotes the text that it could not read.
            throw new FormatException("The second part of the access token is not a JSON object in base64url.");
        }
    }

    private static object? GetValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out long number) ? number : (object)value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => value.GetRawText(),
    };

    private string? GetText(string claim) => Claims.TryGetValue(claim, out object? value) ? value as string : null;

    /// <returns>Null if there is no such claim or it is out of range, such as a time in milliseconds.</returns>
    private DateTimeOffset? GetTime(string claim) =>
        Claims.TryGetValue(claim, out object? value)
        && value is long seconds
        && seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds()
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
