using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Models;
using AcsIdentity.Ports;
using AcsIdentity.Service.Transport;
using AcsIdentity.Shared;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Service.TeamsExtension;

/// <summary>Sends the requests of Teams Phone extensibility. Azure.Communication.Identity does not have them.</summary>
/// <remarks>
/// Operations and shapes: the REST specification Azure/azure-rest-api-specs,
/// specification/communication/data-plane/Identity/stable/2025-06-30.
/// </remarks>
internal sealed class TeamsExtensionClient(Uri endpoint, HttpPipelinePolicy authentication, TeamsExtensionClientOptions options)
{
    private const string ApiVersion = "2025-06-30";

    /// <summary>The specification's name of the type of resource accounts.</summary>
    private const string SpecifiedResourceAccount = "resourceAccount";

    /// <summary>The name in Microsoft's tutorial: https://learn.microsoft.com/azure/communication-services/quickstarts/tpe/teams-phone-extensibility-access-teams-phone.</summary>
    private const string TutorialResourceAccount = "teamsResourceAccount";

    private static readonly Regex _principalType = new("principalType|" + SpecifiedResourceAccount, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private readonly HttpPipeline _pipeline = HttpPipelineBuilder.Build(options, authentication);

    /// <summary>For requests that have a user's token instead of the resource's credential.</summary>
    private readonly HttpPipeline _userPipeline = HttpPipelineBuilder.Build(options);

    /// <summary>Creates or replaces an assignment. If the service refuses the specification's name of the principal type, sends the tutorial's.</summary>
    public async Task<TeamsExtensionAssignment> SetAsync(TeamsExtensionAssignment assignment, CancellationToken cancellationToken)
    {
        bool isResourceAccount = assignment.PrincipalType == TeamsExtensionAssignment.ResourceAccount;
        Response response = await PutAsync(isResourceAccount ? SpecifiedResourceAccount : "user").ConfigureAwait(false);
        if (isResourceAccount && RefusesPrincipalType(response))
        {
            response = await PutAsync(TutorialResourceAccount).ConfigureAwait(false);
        }

        // The tutorial shows an answer without a body.
        return CheckStatus(response, 200, 201).Content.ToMemory().IsEmpty ? assignment : ReadAssignment(response);

        Task<Response> PutAsync(string principalType) => SendAsync(
            _pipeline,
            RequestMethod.Put,
            AssignmentPath(assignment.TenantId, assignment.ObjectId),
            request => JsonRequest.SetBody(request, json => WriteAssignment(json, principalType, assignment.ClientId)),
            cancellationToken);
    }

    /// <summary>Gets an assignment.</summary>
    public async Task<TeamsExtensionAssignment> GetAsync(Guid tenantId, Guid objectId, CancellationToken cancellationToken)
    {
        Response response = await SendAsync(_pipeline, RequestMethod.Get, AssignmentPath(tenantId, objectId), _ => { }, cancellationToken).ConfigureAwait(false);
        return ReadAssignment(CheckStatus(response, 200));
    }

    /// <summary>Removes an assignment.</summary>
    public async Task<Response> RemoveAsync(Guid tenantId, Guid objectId, CancellationToken cancellationToken)
    {
        Response response = await SendAsync(_pipeline, RequestMethod.Delete, AssignmentPath(tenantId, objectId), _ => { }, cancellationToken).ConfigureAwait(false);
        return CheckStatus(response, 204);
    }

    /// <summary>Exchanges a user's Entra token.</summary>
    public async Task<ExchangedToken> ExchangeAsync(string userToken, CancellationToken cancellationToken)
    {
        if (endpoint.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidOperationException("A user's token is sent over https only.");
        }

        Response response = await SendAsync(
            _userPipeline,
            RequestMethod.Post,
            "/access/teamsExtension/:exchangeAccessToken",
            request =>
            {
                request.Headers.Add("Authorization", "Bearer " + userToken);
                JsonRequest.SetBody(request, _ => { });
            },
            cancellationToken).ConfigureAwait(false);
        return Read(CheckStatus(response, 200), body =>
        {
            JsonElement token = body.GetProperty("accessToken");
            string id = body.GetProperty("identity").GetProperty("id").GetString() ?? "";
            var issued = new IssuedToken(Secret.FromText(token.GetProperty("token").GetString() ?? ""), token.GetProperty("expiresOn").GetDateTimeOffset());
            return AcsId.IsValid(id) && issued.Token.Length > 0 ? new ExchangedToken(id, issued) : throw new FormatException();
        });
    }

    private static string AssignmentPath(Guid tenantId, Guid objectId) => $"/access/teamsExtension/tenants/{tenantId}/assignments/{objectId}";

    private async Task<Response> SendAsync(HttpPipeline pipeline, RequestMethod method, string path, Action<Request> complete, CancellationToken cancellationToken)
    {
        using HttpMessage message = pipeline.CreateMessage();
        Request request = message.Request;
        request.Method = method;
        request.Uri.Reset(new Uri(endpoint, path));
        request.Uri.AppendQuery("api-version", ApiVersion);
        request.Headers.Add("Accept", "application/json");
        complete(request);
        await pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return message.Response;
    }

    private static void WriteAssignment(Utf8JsonWriter json, string principalType, ClientIdList clientIds)
    {
        json.WriteString("principalType", principalType);
        if (clientIds.Count > 0)
        {
            json.WriteStartArray("clientIds");
            foreach (Guid clientId in clientIds)
            {
                json.WriteStringValue(clientId);
            }

            json.WriteEndArray();
        }
    }

    private static TeamsExtensionAssignment ReadAssignment(Response response) => Read(response, assignment =>
    {
        string principalType = assignment.GetProperty("principalType").GetString() ?? "";
        return new TeamsExtensionAssignment(
            assignment.GetProperty("tenantId").GetGuid(),
            assignment.GetProperty("objectId").GetGuid(),
            principalType switch
            {
                _ when Is(SpecifiedResourceAccount) || Is(TutorialResourceAccount) => TeamsExtensionAssignment.ResourceAccount,
                _ when Is(TeamsExtensionAssignment.User) => TeamsExtensionAssignment.User,
                _ => principalType,
            },
            assignment.TryGetProperty("clientIds", out JsonElement clientIds) && clientIds.ValueKind == JsonValueKind.Array
                ? clientIds.EnumerateArray().Select(clientId => clientId.GetGuid()).ToArray()
                : []);

        bool Is(string name) => string.Equals(principalType, name, StringComparison.OrdinalIgnoreCase);
    });

    /// <exception cref="UnusableAnswerException">A member is missing or has another form.</exception>
    private static T Read<T>(Response response, Func<JsonElement, T> read)
    {
        try
        {
            using var body = JsonDocument.Parse(response.Content);
            return read(body.RootElement);
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new UnusableAnswerException(response.Status, "The answer is not valid.");
        }
    }

    private static Response CheckStatus(Response response, params int[] expected) =>
        expected.Contains(response.Status) ? response : throw new RequestFailedException(response);

    /// <summary>Whether a response refuses the value of principalType. How the service says it is not recorded, so its text must only name the member or the value.</summary>
    private static bool RefusesPrincipalType(Response response) => response.Status == 400 && _principalType.IsMatch(response.Content.ToString());
}
