using System;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Identities;

/// <summary>The operation that exchanges the Entra token of a Teams user for an access token.</summary>
internal sealed class TeamsTokenExchange(TokenService tokens, TimeProvider clock)
{
    public EmulatorResponse Exchange(EmulatorRequest request)
    {
        if (!ApiVersion.FromRequest(request).HasTeamsExchange)
        {
            throw ServiceError.ApiVersionUnsupported(request.RawPath, request.QueryParameter("api-version")!);
        }

        using var body = JsonBody.Read(request.Body);
        // The token first: recordings refuse a bad token with an empty userId as InvalidAccessToken, in 4 official tests of Python's client.
        TeamsUserToken teamsToken = ReadToken(body.GetString("token") ?? "");
        string? appId = body.GetString("appId");
        string? userId = body.GetString("userId");
        if (string.IsNullOrEmpty(appId))
        {
            throw ServiceError.AppIdMissing();
        }

        if (string.IsNullOrEmpty(userId))
        {
            throw ServiceError.UserIdMissing();
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

        IssuedToken exchanged = tokens.IssueForTeamsUser(user, teamsToken.ExpiresOn);
        return EmulatorResponse.Json(200, json => IdentityJson.WriteToken(json, exchanged));
    }

    private TeamsUserToken ReadToken(string text) =>
        TeamsUserToken.TryRead(text) is { } token && token.ExpiresOn > clock.GetUtcNow() ? token : throw ServiceError.InvalidAccessToken();
}
