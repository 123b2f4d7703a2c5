using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using AcsIdentity.Shared;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Communication.Identity;

/// <summary>Creates requests and reads responses. The tests hold recordings of both.</summary>
internal sealed class IdentityRestClient(HttpPipeline pipeline, Uri endpoint, string apiVersion)
{
    public HttpMessage Create(IEnumerable<CommunicationTokenScope>? scopes, TimeSpan tokenExpiresIn) =>
        Message(RequestMethod.Post, "/identities", json =>
        {
            if (scopes?.Any() == true)
            {
                WriteScopes(json, "createTokenWithScopes", scopes);
            }

            WriteLifetime(json, tokenExpiresIn);
        });

    public HttpMessage IssueToken(string id, IEnumerable<CommunicationTokenScope> scopes, TimeSpan tokenExpiresIn) =>
        Message(RequestMethod.Post, IdentityPath(id) + "/:issueAccessToken", json =>
        {
            WriteScopes(json, "scopes", scopes);
            WriteLifetime(json, tokenExpiresIn);
        });

    public HttpMessage RevokeTokens(string id) => Message(RequestMethod.Post, IdentityPath(id) + "/:revokeAccessTokens");

    public HttpMessage Delete(string id) => Message(RequestMethod.Delete, IdentityPath(id));

    public HttpMessage ExchangeTeamsToken(GetTokenForTeamsUserOptions options) =>
        Message(RequestMethod.Post, "/teamsUser/:exchangeAccessToken", json =>
        {
            json.WriteString("token", options.TeamsUserAadToken);
            json.WriteString("appId", options.ClientId);
            json.WriteString("userId", options.UserObjectId);
        });

    public static Response<CommunicationUserIdentifierAndToken> ReadCreated(Response response)
    {
        using JsonDocument body = Body(response, expectedStatus: 201);
        string? id = body.RootElement.TryGetProperty("identity", out JsonElement identity) && identity.TryGetProperty("id", out JsonElement value)
            ? value.GetString()
            : null;
        AccessToken? token = body.RootElement.TryGetProperty("accessToken", out JsonElement accessToken) && accessToken.ValueKind == JsonValueKind.Object
            ? ReadToken(accessToken)
            : null;
        var user = new CommunicationUserIdentifier(id ?? throw new ArgumentNullException(nameof(response), "The response has no identity.id."));
        return Response.FromValue(new CommunicationUserIdentifierAndToken(user, token), response);
    }

    public static Response<AccessToken> ReadToken(Response response)
    {
        using JsonDocument body = Body(response, expectedStatus: 200);
        return Response.FromValue(ReadToken(body.RootElement), response);
    }

    public static Response ReadNoContent(Response response)
    {
        CheckStatus(response, status: 204);
        return response;
    }

    private static AccessToken ReadToken(JsonElement json)
    {
        string? token = json.TryGetProperty("token", out JsonElement text) ? text.GetString() : null;
        DateTimeOffset expiresOn = json.TryGetProperty("expiresOn", out JsonElement time) ? time.GetDateTimeOffset() : DateTimeOffset.MinValue;
        return new AccessToken(token ?? throw new ArgumentNullException(nameof(json), "The response has no token."), expiresOn);
    }

    private static JsonDocument Body(Response response, int expectedStatus)
    {
        CheckStatus(response, expectedStatus);
        return JsonDocument.Parse(response.Content);
    }

    private static void CheckStatus(Response response, int status)
    {
        if (response.Status != status)
        {
            throw new RequestFailedException(response);
        }
    }

    private static string IdentityPath(string id) => "/identities/" + Uri.EscapeDataString(id);

    private static void WriteScopes(Utf8JsonWriter json, string name, IEnumerable<CommunicationTokenScope> scopes)
    {
        json.WriteStartArray(name);
        foreach (CommunicationTokenScope scope in scopes)
        {
            json.WriteStringValue(scope.ToString());
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the lifetime in minutes, rounded half to even. Zero is omitted; the service then uses its default, 24 hours.</summary>
    private static void WriteLifetime(Utf8JsonWriter json, TimeSpan lifetime)
    {
        if (lifetime == default)
        {
            return;
        }

        try
        {
            json.WriteNumber("expiresInMinutes", Convert.ToInt32(lifetime.TotalMinutes));
        }
        catch (OverflowException overflow)
        {
            throw new ArgumentOutOfRangeException($"The lifetime {lifetime} does not fit into the request.", overflow);
        }
    }

    private HttpMessage Message(RequestMethod method, string path, Action<Utf8JsonWriter>? writeMembers = null)
    {
        HttpMessage message = pipeline.CreateMessage();
        Request request = message.Request;
        request.Method = method;
        request.Uri.Reset(endpoint);
        // Concatenated as text: the paths are already percent-encoded, and the path of the endpoint stays unchanged.
        request.Uri.Path = (endpoint.AbsolutePath == "/" ? "" : endpoint.AbsolutePath) + path;
        request.Uri.Query = "";
        request.Uri.AppendQuery("api-version", apiVersion);
        request.Headers.Add("Accept", "application/json");
        if (writeMembers is not null)
        {
            JsonRequest.SetBody(request, writeMembers);
        }

        return message;
    }
}
