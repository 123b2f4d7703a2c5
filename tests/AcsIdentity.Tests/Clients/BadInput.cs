using System;
using System.Collections.Generic;

namespace AcsIdentity.Tests.Clients;

/// <summary>A call with bad input, and the real service's answer, from the recordings of Microsoft's clients.</summary>
/// <param name="Call">The call. Without an id it gets the id of a valid identity.</param>
/// <param name="Refusal">The answer. In its message, {endpoint} stands for the address of the emulator.</param>
internal sealed record BadInput(ClientCall Call, Refusal Refusal)
{
    private const string ValidationError = "ValidationError";

    private static readonly ClientCall _create = new(ClientOperation.CreateWithToken) { Scopes = ["voip"] };
    private static readonly ClientCall _issue = new(ClientOperation.Issue) { Scopes = ["voip"] };
    private static readonly ClientCall _exchange = TeamsUser.Exchange(expiresOn: DateTimeOffset.UtcNow.AddHours(1));
    private static readonly string _foreignId = $"8:acs:{Guid.NewGuid()}_{Guid.NewGuid()}";

    /// <summary>Every bad input that a client can send, by name.</summary>
    public static IReadOnlyDictionary<string, BadInput> All { get; } = new Dictionary<string, BadInput>
    {
        ["create for 59 minutes"] = new(_create with { Minutes = 59 }, LifetimeOutOfRange(59)),
        ["create for 1441 minutes"] = new(_create with { Minutes = 1441 }, LifetimeOutOfRange(1441)),
        ["issue for 59 minutes"] = new(_issue with { Minutes = 59 }, LifetimeOutOfRange(59)),
        ["issue for 1441 minutes"] = new(_issue with { Minutes = 1441 }, LifetimeOutOfRange(1441)),
        ["issue without scopes"] = new(_issue with { Scopes = null }, new(400, ValidationError, "Scopes: The Scopes field is required.", "Scopes"))
        {
            JavaScriptError = "scopes cannot be null or undefined",
        },
        ["issue for an empty list of scopes"] =
            new(_issue with { Scopes = [] }, new(400, ValidationError, "Invalid scopes - Scopes field is required.", "scopes")),
        ["issue for a foreign identity"] = new(_issue with { Id = _foreignId }, NotOwned()),
        ["revoke for a foreign identity"] = new(new(ClientOperation.Revoke) { Id = _foreignId }, NotOwned()),
        ["delete a foreign identity"] = new(new(ClientOperation.Delete) { Id = _foreignId }, NotOwned()),
        ["exchange for an empty application id"] =
            new(_exchange with { AppId = "" }, new(400, ValidationError, "AppId: The AppId field is required.", "AppId")),
        ["exchange for a malformed application id"] =
            new(_exchange with { AppId = "app" }, new(400, ValidationError, "Provided AppId has invalid format.", "appId")),
        ["exchange another application's token"] =
            new(_exchange with { AppId = Guid.NewGuid().ToString() }, new(400, ValidationError, "AAD application is not the expected one.", "appId")),
        ["exchange for a malformed user id"] =
            new(_exchange with { UserId = "user" }, new(400, ValidationError, "Provided UserId has invalid format.", "userId")),
        ["exchange another user's token"] =
            new(_exchange with { UserId = Guid.NewGuid().ToString() }, new(400, ValidationError, "Provided AAD token issued for unexpected user.", "userId")),
        ["exchange an empty token"] = new(_exchange with { TeamsToken = "" }, InvalidAccessToken()),
        ["exchange a broken token"] = new(_exchange with { TeamsToken = "not.a.token" }, InvalidAccessToken()),
        ["exchange an expired token"] = new(TeamsUser.Exchange(expiresOn: DateTimeOffset.UnixEpoch), InvalidAccessToken()),
        ["create with a wrong key"] = new(_create with { AccessKey = "d3Jvbmc=" }, new(401, "Denied", "Denied by the resource provider.")),
        ["create in an unsupported API version"] = new(
            _create with { ApiVersion = "1999-01-01" },
            new(400, "UnsupportedApiVersion", "The HTTP resource that matches the request URI '{endpoint}identities' does not support the API version '1999-01-01'.")),
    };

    /// <summary>Part of the JavaScript client's error if it refuses to send the call; null if it sends it.</summary>
    public string? JavaScriptError { get; private init; }

    private static Refusal LifetimeOutOfRange(int minutes) =>
        new(400, ValidationError, $"ExpiresInMinutes value {minutes} is invalid. Value must be within the [60, 1440] interval.", "ExpiresInMinutes");

    private static Refusal NotOwned() => new(401, "IdentityNotOwned", "Provided identity doesn't belong to the resource.");

    private static Refusal InvalidAccessToken() => new(401, "InvalidAccessToken", "Provided access token is not valid.");
}
