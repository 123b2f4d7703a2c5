using System.Collections.Generic;

namespace AcsIdentity.Tests.Conformance;

/// <summary>An operation of the REST specification, in some of its versions.</summary>
/// <param name="Versions">The versions, separated by commas and spaces.</param>
/// <param name="Route">The method and the path.</param>
/// <param name="Answers">The JSON Schemas of the successes by status; null for an answer without a body.</param>
internal sealed record SpecifiedOperation(string Versions, string Route, IReadOnlyDictionary<int, string?> Answers);

/// <summary>
/// What the service's REST specification says about its operations and their answers, in our own words: Azure/azure-rest-api-specs,
/// specification/communication/data-plane/Identity.
/// </summary>
/// <remarks>
/// The specification's schemas accept any other member. These do not, so that an answer cannot have a member of another version.
/// 2021-11-01 was not published: it has the operations and shapes of the version before it. /teamsUser is not in 2023-08-01, because the
/// service's own list of its versions leaves that one out.
/// </remarks>
internal static class SpecifiedOperations
{
    /// <summary>The error of every operation. The first preview specifies none, and gets the same one.</summary>
    public const string Error = """
        {
          "type": "object", "additionalProperties": false, "required": ["error"],
          "properties": { "error": { "$ref": "#/definitions/CommunicationError" } },
          "definitions": {
            "CommunicationError": {
              "type": "object", "additionalProperties": false, "required": ["code", "message"],
              "properties": {
                "code": { "type": "string" },
                "message": { "type": "string" },
                "target": { "type": "string" },
                "details": { "type": "array", "items": { "$ref": "#/definitions/CommunicationError" } },
                "innererror": { "$ref": "#/definitions/CommunicationError" }
              }
            }
          }
        }
        """;

    private const string FirstPreview = "2020-07-20-preview2";
    private const string NewestPreview = "2025-03-02-preview";
    private const string TeamsExtensionVersions = NewestPreview + ", 2025-06-30, 2026-09-23";

    /// <summary>The versions whose identity has an id only.</summary>
    private const string PlainVersions =
        "2021-03-07, 2021-03-31-preview1, 2021-10-31-preview, 2021-11-01, 2022-06-01, 2022-10-01, 2023-08-01, 2023-10-01, 2025-06-30, 2026-09-23";

    private const string LaterVersions = PlainVersions + ", " + NewestPreview;

    private const string TokenMembers = """ "token": { "type": "string" }, "expiresOn": { "type": "string", "format": "date-time" } """;

    private const string Token = $$"""
        { "type": "object", "additionalProperties": false, "required": ["token", "expiresOn"], "properties": { {{TokenMembers}} } }
        """;

    private const string FirstPreviewToken = $$"""
        {
          "type": "object", "additionalProperties": false, "required": ["id", "token", "expiresOn"],
          "properties": { "id": { "type": "string" }, {{TokenMembers}} }
        }
        """;

    private const string Identity = """
        { "type": "object", "additionalProperties": false, "required": ["id"], "properties": { "id": { "type": "string" } } }
        """;

    private const string DetailedIdentity = """
        {
          "type": "object", "additionalProperties": false, "required": ["id"],
          "properties": {
            "id": { "type": "string" },
            "customId": { "type": "string", "minLength": 1, "maxLength": 256 },
            "lastTokenIssuedAt": { "type": "string", "format": "date-time" }
          }
        }
        """;

    private const string IdentityWithToken = $$"""
        {
          "type": "object", "additionalProperties": false, "required": ["identity"],
          "properties": { "identity": {{Identity}}, "accessToken": {{Token}} }
        }
        """;

    private const string DetailedIdentityWithToken = $$"""
        {
          "type": "object", "additionalProperties": false, "required": ["identity"],
          "properties": { "identity": {{DetailedIdentity}}, "accessToken": {{Token}} }
        }
        """;

    private const string AssignmentMembers = """
        "objectId": { "type": "string" }, "tenantId": { "type": "string" }, "principalType": { "type": "string" },
        "clientIds": { "type": "array", "items": { "type": "string" } }
        """;

    private const string EntraAssignment = $$"""
        {
          "type": "object", "additionalProperties": false, "required": ["objectId", "tenantId", "principalType", "clientIds"],
          "properties": { {{AssignmentMembers}} }
        }
        """;

    private const string EntraAssignmentList = $$"""
        {
          "type": "object", "additionalProperties": false, "required": ["value"],
          "properties": { "value": { "type": "array", "items": {{EntraAssignment}} }, "nextLink": { "type": "string" } }
        }
        """;

    private const string TeamsExtensionAssignment = $$"""
        {
          "type": "object", "additionalProperties": false, "required": ["objectId", "tenantId", "principalType"],
          "properties": { {{AssignmentMembers}} }
        }
        """;

    private const string EntraPath = "access/entra/assignments";
    private const string TeamsExtensionPath = "access/teamsExtension/tenants/{tenantId}/assignments/{objectId}";

    private static readonly Dictionary<int, string?> _noContent = new() { [204] = null };

    public static IReadOnlyList<SpecifiedOperation> All { get; } =
    [
        new(FirstPreview, "POST identities", Ok(Identity)),
        new(PlainVersions, "POST identities", new Dictionary<int, string?> { [201] = IdentityWithToken }),
        new(NewestPreview, "POST identities", new Dictionary<int, string?> { [201] = DetailedIdentityWithToken }),
        new(NewestPreview, "GET identities/{id}", Ok(DetailedIdentity)),
        new(FirstPreview + ", " + LaterVersions, "DELETE identities/{id}", _noContent),
        new(FirstPreview, "PATCH identities/{id}", _noContent),
        new(FirstPreview, "POST identities/{id}/token", Ok(FirstPreviewToken)),
        new(LaterVersions, "POST identities/{id}/:issueAccessToken", Ok(Token)),
        new(LaterVersions, "POST identities/{id}/:revokeAccessTokens", _noContent),
        new("2021-10-31-preview, 2022-06-01, 2022-10-01, 2023-10-01, " + TeamsExtensionVersions, "POST teamsUser/:exchangeAccessToken", Ok(Token)),
        new(NewestPreview, "POST access/entra/:exchangeAccessToken", Ok(DetailedIdentityWithToken)),
        new(NewestPreview, "GET " + EntraPath, Ok(EntraAssignmentList)),
        new(NewestPreview, "PATCH " + EntraPath, new Dictionary<int, string?> { [200] = EntraAssignmentList, [204] = null }),
        new(NewestPreview, "GET " + EntraPath + "/{objectId}", Ok(EntraAssignment)),
        new(NewestPreview, "PUT " + EntraPath + "/{objectId}", CreatedOrOk(EntraAssignment)),
        new(NewestPreview, "DELETE " + EntraPath + "/{objectId}", _noContent),
        new(NewestPreview, "POST access/teamsExtension/:exchangeAccessToken", Ok(DetailedIdentityWithToken)),
        new("2025-06-30, 2026-09-23", "POST access/teamsExtension/:exchangeAccessToken", Ok(IdentityWithToken)),
        new(TeamsExtensionVersions, "GET " + TeamsExtensionPath, Ok(TeamsExtensionAssignment)),
        new(TeamsExtensionVersions, "PUT " + TeamsExtensionPath, CreatedOrOk(TeamsExtensionAssignment)),
        new(TeamsExtensionVersions, "DELETE " + TeamsExtensionPath, _noContent),
    ];

    private static Dictionary<int, string?> Ok(string schema) => new() { [200] = schema };

    private static Dictionary<int, string?> CreatedOrOk(string schema) => new() { [200] = schema, [201] = schema };
}
