using System;
using System.Collections.Generic;
using System.Text.Json;
using AcsIdentity.Shared;

namespace AcsIdentity.Models;

/// <summary>What an access token says of itself. Nothing of it is verified: only the service can tell whether the token is good.</summary>
public sealed class CommunicationTokenClaims
{
    private CommunicationTokenClaims(IReadOnlyDictionary<string, object?> claims)
    {
        Claims = claims;
        Id = Text("skypeid") is { } user ? "8:" + user : null;
        ResourceId = Text("resourceId");
        Scope = new TokenScope(TokenScope.Split([Text("acsScope")]));
        IssuedOn = Time("iat");
        ExpiresOn = Time("exp");
    }

    /// <summary>The id of the identity: claim skypeid, with the prefix that ids have.</summary>
    public string? Id { get; }

    /// <summary>What the token allows: claim acsScope.</summary>
    public TokenScope Scope { get; }

    /// <summary>When it was issued: claim iat.</summary>
    public DateTimeOffset? IssuedOn { get; }

    /// <summary>When it expires: claim exp.</summary>
    public DateTimeOffset? ExpiresOn { get; }

    /// <summary>The immutable id of the resource: claim resourceId.</summary>
    public string? ResourceId { get; }

    /// <summary>All claims by name. Which ones there are is no contract of the service.</summary>
    public IReadOnlyDictionary<string, object?> Claims { get; }

    /// <summary>Reads a token.</summary>
    /// <exception cref="FormatException">It is no JSON Web Token. The message does not hold the token.</exception>
    internal static CommunicationTokenClaims Read(string token)
    {
        string[] parts = token.Trim().Split('.');
        if (parts.Length != 3)
        {
            throw new FormatException("An access token has three parts with dots between; this has " + (token.Length == 0 ? "none: it is empty." : $"{parts.Length}."));
        }

        try
        {
            using JsonDocument payload = JsonDocument.Parse(Base64Url.Decode(parts[1]));
            var claims = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (JsonProperty claim in payload.RootElement.EnumerateObject())
            {
                claims[claim.Name] = ValueOf(claim.Value);
            }

            return new CommunicationTokenClaims(claims);
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException)
        {
            // Without the inner exception: a JSON error quotes what it could not read.
            throw new FormatException("The second part of the access token is not a JSON object in base64url.");
        }
    }

    private static object? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out long number) ? number : (object)value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => value.GetRawText(),
    };

    private string? Text(string claim) => Claims.TryGetValue(claim, out object? value) ? value as string : null;

    /// <returns>Null also for a time that is out of range, such as one in milliseconds.</returns>
    private DateTimeOffset? Time(string claim) =>
        Claims.TryGetValue(claim, out object? value)
        && value is long seconds
        && seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds()
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
