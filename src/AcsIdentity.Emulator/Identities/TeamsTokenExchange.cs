using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Identities;

/// <summary>The operation that exchanges the Entra token of a Teams user for an access token.</summary>
internal sealed class TeamsTokenExchange(TokenService tokens, TimeProvider clock)
{
    /// <remarks>The recorded list of this route's versions ends with 2023-10-01. The specification has it in the later ones too.</remarks>
    public IEnumerable<ServiceRoute> Routes =>
        [new("POST", "teamsUser/:exchangeAccessToken", ServiceOperation.Exchange, version => version.TeamsExchange != TeamsExchangeKind.None, Exchange)];

    private EmulatorResponse Exchange(OperationCall call)
    {
        using var body = JsonBody.Read(call.Request.Body);
        // The token first: recordings refuse a bad token with an empty userId as InvalidAccessToken, in 4 official tests of Python's client.
        TeamsUserToken teamsToken = ReadToken(body.GetString("token") ?? "");
        Guid user = call.Version.TeamsExchange == TeamsExchangeKind.TokenOnly ? UserOf(teamsToken) : ReadUser(body, teamsToken);
        IssuedToken exchanged = tokens.IssueForTeamsUser(user, teamsToken.ExpiresOn);
        return EmulatorResponse.Json(200, json => IdentityJson.WriteToken(json, exchanged));
    }

    private static Guid UserOf(TeamsUserToken token) => Guid.TryParse(token.UserId, out Guid user) ? user : throw ServiceError.InvalidAccessToken();

    /// <summary>Reads the user from the body. The body must name the user and the application of the token.</summary>
    private static Guid ReadUser(JsonBody body, TeamsUserToken teamsToken)
    {
        string? appId = body.GetString("appId");
        string? userId = body.GetString("userId");
        if (string.IsNullOrEmpty(appId))
        {
            throw ServiceError.FieldMissing("AppId");
        }

        if (string.IsNullOrEmpty(userId))
        {
            throw ServiceError.FieldMissing("UserId");
        }

        Guid app = Guid.TryParse(appId, out Guid parsedApp) ? parsedApp : throw ServiceError.AppIdMalformed();
        Guid user = Guid.TryParse(userId, out Guid parsedUser) ? parsedUser : throw ServiceError.UserIdMalformed();
        if (!Guid.TryParse(teamsToken.AppId, out Guid tokenApp) || tokenApp != app)
        {
            throw ServiceError.AppIdUnexpected();
        }

        if (!Guid.TryParse(teamsToken.UserId, out Guid tokenUser) || tokenUser != user)
        {
            throw ServiceError.UserIdUnexpected();
        }

        return user;
    }

    private TeamsUserToken ReadToken(string text) =>
        TeamsUserToken.TryRead(text) is { } token && token.ExpiresOn > clock.GetUtcNow() ? token : throw ServiceError.InvalidAccessToken();
}
