using System.Collections.Generic;

namespace AcsIdentity.Tests.Conformance;

/// <summary>What is known about the service's answers, by name. The facts are in our own words.</summary>
internal static class ServiceFacts
{
    /// <summary>The versions that the emulator lists. The service's list of 2025 has those up to 2023-10-01.</summary>
    public const string IdentityVersions =
        "2020-07-20-preview2, 2021-03-07, 2021-03-31-preview1, 2021-10-31-preview, 2021-11-01, 2022-06-01, 2022-10-01, 2023-08-01, 2023-10-01, "
        + "2025-03-02-preview, 2025-06-30, 2026-09-23";

    /// <summary>The recorded list of this route ends with 2023-10-01.</summary>
    private const string TeamsVersions = "2021-10-31-preview, 2022-06-01, 2022-10-01, 2023-10-01, 2025-03-02-preview, 2025-06-30, 2026-09-23";

    private const string AccessVersions = "2025-03-02-preview";

    private const string TeamsExtensionVersions = "2025-03-02-preview, 2025-06-30, 2026-09-23";

    private const string SuiteRecordings = "The sessions of the .NET, Java, JavaScript and Python suites and of az";
    private const string PreviewRecordings = "The assets of the JavaScript suite, 2025-04";
    private const string SpecificationExamples = "Azure/azure-rest-api-specs, Identity/stable/2025-06-30 and 2026-09-23: the examples of the operations";
    private const string PhoneTutorial = "MicrosoftDocs/azure-docs, quickstarts/tpe/teams-phone-extensibility-access-teams-phone.md";
    private const string TokenFirst = "8 sessions of the Java and Python suites";

    private const string Identity = """^\{"identity":\{"id":"8:acs:[0-9a-f-]{36}_[0-9a-f-]{36}"\}\}$""";

    // A fraction has up to 7 digits, of which the last is not 0.
    private const string TokenMembers = "\"token\":\"[^\"]+\",\"expiresOn\":\"[0-9-]{10}T[0-9:]{8}([.][0-9]{0,6}[1-9])?[+]00:00\"";
    private const string Token = @"^\{" + TokenMembers + @"\}$";
    private const string IdentityAndToken = """^\{"identity":\{"id":"8:acs:[^"]+"\},"accessToken":\{""" + TokenMembers + @"\}\}$";

    private const string PhoneAssignment = "/access/teamsExtension/tenants/72f988bf-86f1-41af-91ab-2d7cd011db47/assignments/11111111-28b9-4ae5-8f9c-1a1f3a1b2c01";

    public static IReadOnlyDictionary<string, ServiceFact> All { get; } = new Dictionary<string, ServiceFact>
    {
        // Successes
        ["create without a body"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities", "", 201)
        {
            Answer = Identity,
        },
        ["create with an empty object"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities", "{}", 201)
        {
            Answer = Identity,
        },
        ["create with members that are null"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities", """{"createTokenWithScopes":null,"expiresInMinutes":null}""", 201)
        {
            Answer = Identity,
        },
        ["create with a token"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities", """{"createTokenWithScopes":["chat","voip"],"expiresInMinutes":60}""", 201)
        {
            Answer = IdentityAndToken,
        },
        ["create with all scopes"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities", """{"createTokenWithScopes":["chat","voip","chat.join","chat.join.limited","voip.join"],"expiresInMinutes":1440}""", 201)
        {
            Answer = IdentityAndToken,
        },
        ["issue"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities/{id}/:issueAccessToken", """{"scopes":["chat"]}""", 200)
        {
            Answer = Token,
        },
        ["issue in 2021-03-07"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities/{id}/:issueAccessToken", """{"scopes":["chat"]}""", 200)
        {
            Version = "2021-03-07",
            Answer = Token,
        },
        ["revoke"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities/{id}/:revokeAccessTokens", "", 204),
        ["delete"] = new(Evidence.Recorded, SuiteRecordings, "DELETE", "/identities/{id}", "", 204),
        ["exchange"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/teamsUser/:exchangeAccessToken", """{"token":"{token}","appId":"{app}","userId":"{user}"}""", 200)
        {
            Answer = Token,
            SupportedVersions = TeamsVersions,
        },
        ["create with a custom id"] = new(Evidence.Recorded, PreviewRecordings, "POST", "/identities", """{"customId":"bob"}""", 201)
        {
            Version = "2025-03-02-preview",
            Answer = """^\{"identity":\{"customId":"bob","id":"8:acs:[^"]+"\}\}$""",
        },
        ["create with a custom id and a token"] = new(Evidence.Recorded, PreviewRecordings, "POST", "/identities", """{"customId":"bob","createTokenWithScopes":["chat"]}""", 201)
        {
            Version = "2025-03-02-preview",
            Answer = """^\{"identity":\{"customId":"bob","lastTokenIssuedAt":"[0-9-]{10}T[0-9:]{8}[+]00:00","id":"8:acs:[^"]+"\},"accessToken":""",
        },
        ["get without a custom id"] = new(Evidence.Recorded, PreviewRecordings, "GET", "/identities/{id}", "", 200)
        {
            Version = "2025-03-02-preview",
            Answer = """^\{"id":"8:acs:[^"]+"\}$""",
        },

        // Refusals of values
        ["create for 59 minutes"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities", """{"createTokenWithScopes":["chat"],"expiresInMinutes":59}""", 400)
        {
            Code = "ValidationError",
            Message = "ExpiresInMinutes value 59 is invalid. Value must be within the [60, 1440] interval.",
            Target = "ExpiresInMinutes",
        },
        ["issue for 59 minutes"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities/{id}/:issueAccessToken", """{"scopes":["chat"],"expiresInMinutes":59}""", 400)
        {
            Code = "ValidationError",
            Message = "ExpiresInMinutes value 59 is invalid. Value must be within the [60, 1440] interval.",
            Target = "ExpiresInMinutes",
        },
        ["create for 1441 minutes"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities", """{"createTokenWithScopes":["chat"],"expiresInMinutes":1441}""", 400)
        {
            Code = "ValidationError",
            Message = "ExpiresInMinutes value 1441 is invalid. Value must be within the [60, 1440] interval.",
            Target = "ExpiresInMinutes",
        },
        ["issue for 1441 minutes"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities/{id}/:issueAccessToken", """{"scopes":["chat"],"expiresInMinutes":1441}""", 400)
        {
            Code = "ValidationError",
            Message = "ExpiresInMinutes value 1441 is invalid. Value must be within the [60, 1440] interval.",
            Target = "ExpiresInMinutes",
        },
        ["issue without scopes"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities/{id}/:issueAccessToken", "{}", 400)
        {
            Code = "ValidationError",
            Message = "Scopes: The Scopes field is required.",
            Target = "Scopes",
            SupportedVersions = null,
        },
        ["issue for scopes that are null"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities/{id}/:issueAccessToken", """{"scopes":null}""", 400)
        {
            Code = "ValidationError",
            Message = "Scopes: The Scopes field is required.",
            Target = "Scopes",
            SupportedVersions = null,
        },
        ["issue for an empty list of scopes"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities/{id}/:issueAccessToken", """{"scopes":[]}""", 400)
        {
            Code = "ValidationError",
            Message = "Invalid scopes - Scopes field is required.",
            Target = "scopes",
        },
        ["issue for a foreign identity"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities/{foreign}/:issueAccessToken", """{"scopes":["chat"]}""", 401)
        {
            Code = "IdentityNotOwned",
            Message = "Provided identity doesn't belong to the resource.",
        },
        ["revoke for a foreign identity"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities/{foreign}/:revokeAccessTokens", "", 401)
        {
            Code = "IdentityNotOwned",
            Message = "Provided identity doesn't belong to the resource.",
        },
        ["delete a foreign identity"] = new(Evidence.Recorded, SuiteRecordings, "DELETE", "/identities/{foreign}", "", 401)
        {
            Code = "IdentityNotOwned",
            Message = "Provided identity doesn't belong to the resource.",
        },

        // Refusals of a Teams user's token
        ["exchange for no application"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/teamsUser/:exchangeAccessToken", """{"token":"{token}","appId":"","userId":"{user}"}""", 400)
        {
            Code = "ValidationError",
            Message = "AppId: The AppId field is required.",
            Target = "AppId",
            SupportedVersions = null,
        },
        ["exchange for no user"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/teamsUser/:exchangeAccessToken", """{"token":"{token}","appId":"{app}","userId":""}""", 400)
        {
            Code = "ValidationError",
            Message = "UserId: The UserId field is required.",
            Target = "UserId",
            SupportedVersions = null,
        },
        ["exchange for a malformed application"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/teamsUser/:exchangeAccessToken", """{"token":"{token}","appId":"app","userId":"{user}"}""", 400)
        {
            Code = "ValidationError",
            Message = "Provided AppId has invalid format.",
            Target = "appId",
            SupportedVersions = TeamsVersions,
        },
        ["exchange for a malformed user"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/teamsUser/:exchangeAccessToken", """{"token":"{token}","appId":"{app}","userId":"user"}""", 400)
        {
            Code = "ValidationError",
            Message = "Provided UserId has invalid format.",
            Target = "userId",
            SupportedVersions = TeamsVersions,
        },
        ["exchange another application's token"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/teamsUser/:exchangeAccessToken", """{"token":"{token}","appId":"{user}","userId":"{user}"}""", 400)
        {
            Code = "ValidationError",
            Message = "AAD application is not the expected one.",
            Target = "appId",
            SupportedVersions = TeamsVersions,
        },
        ["exchange another user's token"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/teamsUser/:exchangeAccessToken", """{"token":"{token}","appId":"{app}","userId":"{app}"}""", 400)
        {
            Code = "ValidationError",
            Message = "Provided AAD token issued for unexpected user.",
            Target = "userId",
            SupportedVersions = TeamsVersions,
        },
        ["exchange an empty token for no user"] = new(Evidence.Recorded, TokenFirst, "POST", "/teamsUser/:exchangeAccessToken", """{"token":"","appId":"{app}","userId":""}""", 401)
        {
            Code = "InvalidAccessToken",
            Message = "Provided access token is not valid.",
            SupportedVersions = null,
        },
        ["exchange an invalid token for no user"] = new(Evidence.Recorded, TokenFirst, "POST", "/teamsUser/:exchangeAccessToken", """{"token":"invalid","appId":"{app}","userId":""}""", 401)
        {
            Code = "InvalidAccessToken",
            Message = "Provided access token is not valid.",
            SupportedVersions = null,
        },
        ["exchange an expired token"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/teamsUser/:exchangeAccessToken", """{"token":"{expired}","appId":"{app}","userId":"{user}"}""", 401)
        {
            Code = "InvalidAccessToken",
            Message = "Provided access token is not valid.",
            SupportedVersions = null,
        },
        ["exchange an invalid token for a malformed application"] = new(Evidence.None, "Follows from the recordings of an invalid token", "POST", "/teamsUser/:exchangeAccessToken", """{"token":"invalid","appId":"app","userId":"{user}"}""", 401)
        {
            Code = "InvalidAccessToken",
            Message = "Provided access token is not valid.",
            SupportedVersions = null,
        },

        // Refusals of credentials and versions
        ["create with a wrong key"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities", "", 401)
        {
            Code = "Denied",
            Message = "Denied by the resource provider.",
            Mistake = SignatureMistake.WrongKey,
        },
        ["create with another body than the signed one"] = new(Evidence.Recorded, SuiteRecordings, "POST", "/identities", "{}", 401)
        {
            Code = "Denied",
            Message = "Request 'x-ms-content-sha256' differs from generated content hash.",
            Mistake = SignatureMistake.OtherBody,
        },
        ["create with an old date"] = new(Evidence.SecondHand, "Two public programs for ACS email handle this message; one names the code AuthenticationFailed", "POST", "/identities", "", 401)
        {
            Code = "Denied",
            Message = "The time difference between the originating client and the server is greater than the allowed margin of 5 minutes.",
            Mistake = SignatureMistake.OldDate,
        },
        ["create in an unsupported version"] = new(Evidence.Published, "Azure-Samples/communication-services-web-calling-tutorial#8", "POST", "/identities", "", 400)
        {
            Version = "1999-01-01",
            Code = "UnsupportedApiVersion",
            Message = "The HTTP resource that matches the request URI '{endpoint}identities' does not support the API version '1999-01-01'.",
        },
        ["exchange in a version without it"] = new(Evidence.None, "The message is the published one", "POST", "/teamsUser/:exchangeAccessToken", "{}", 400)
        {
            Version = "2021-11-01",
            Code = "UnsupportedApiVersion",
            Message = "The HTTP resource that matches the request URI '{endpoint}teamsUser/:exchangeAccessToken' does not support the API version '2021-11-01'.",
            SupportedVersions = TeamsVersions,
        },

        // Older clients
        ["create in the first preview"] = new(Evidence.Client, "@azure/communication-administration 1.0.0-beta.4", "POST", "/identities", "", 200)
        {
            Version = "2020-07-20-preview2",
            Answer = """^\{"id":"8:acs:[^"]+"\}$""",
        },
        ["issue in the first preview"] = new(Evidence.Client, "@azure/communication-administration 1.0.0-beta.4", "POST", "/identities/{id}/token", """{"scopes":["chat","pstn"]}""", 200)
        {
            Version = "2020-07-20-preview2",
            Answer = """^\{"id":"8:acs:[^"]+","token":"[^"]+","expiresOn":"[^"]+"\}$""",
        },
        ["revoke in the first preview"] = new(Evidence.Client, "@azure/communication-administration 1.0.0-beta.4", "PATCH", "/identities/{id}", """{"tokensValidFrom":"2026-11-26T12:00:00.000Z"}""", 204)
        {
            Version = "2020-07-20-preview2",
        },
        ["delete in the first preview"] = new(Evidence.Client, "@azure/communication-administration 1.0.0-beta.4", "DELETE", "/identities/{id}", "", 204)
        {
            Version = "2020-07-20-preview2",
        },
        ["exchange in 2021-10-31-preview"] = new(Evidence.Client, "@azure/communication-identity 1.1.0-beta.2", "POST", "/teamsUser/:exchangeAccessToken", """{"token":"{token}"}""", 200)
        {
            Version = "2021-10-31-preview",
            Answer = Token,
            SupportedVersions = TeamsVersions,
        },

        // Not recorded
        ["issue for an unknown scope"] = new(Evidence.None, "None", "POST", "/identities/{id}/:issueAccessToken", """{"scopes":["foo"]}""", 400)
        {
            Code = "ValidationError",
            Message = "Invalid scopes - 'foo' is not a scope of API version 2023-10-01.",
            Target = "scopes",
        },
        ["create with a body that is no JSON"] = new(Evidence.None, "None", "POST", "/identities", "{", 400)
        {
            Code = "ValidationError",
            Message = "The request body is not a JSON object.",
        },
        ["create without a version"] = new(Evidence.None, "None", "POST", "/identities", "", 400)
        {
            Version = "",
            Code = "ApiVersionUnspecified",
            Message = "An API version is required, but was not specified.",
        },
        ["unknown path"] = new(Evidence.None, "None", "GET", "/nothing", "", 404)
        {
            Code = "NotFound",
            Message = "The resource does not exist.",
            SupportedVersions = null,
        },
        ["unknown method"] = new(Evidence.None, "RFC 9110 for the header Allow", "PUT", "/identities/{id}", "", 405)
        {
            Code = "MethodNotAllowed",
            Message = "The resource does not support the method PUT.",
            Headers = new Dictionary<string, string> { ["Allow"] = "DELETE" },
        },

        // Teams Phone
        ["assign a resource account to Teams Phone"] = new(Evidence.Published, SpecificationExamples, "PUT", PhoneAssignment, """{"principalType":"resourceAccount"}""", 201)
        {
            Version = "2026-09-23",
            Answer = """^\{"objectId":"[0-9a-f-]{36}","tenantId":"[0-9a-f-]{36}","principalType":"resourceAccount"\}$""",
            SupportedVersions = TeamsExtensionVersions,
        },
        ["assign a user with a client to Teams Phone"] = new(Evidence.Published, PhoneTutorial, "PUT", PhoneAssignment, """{"principalType":"user","clientIds":["{app}"]}""", 201)
        {
            Version = "2025-06-30",
            Answer = """^\{"objectId":"[0-9a-f-]{36}","tenantId":"[0-9a-f-]{36}","principalType":"user","clientIds":\["[0-9a-f-]{36}"\]\}$""",
            SupportedVersions = TeamsExtensionVersions,
        },
        ["assign a resource account in the tutorial's spelling"] = new(Evidence.Published, PhoneTutorial + ", without a body", "PUT", PhoneAssignment, """{"principalType":"teamsResourceAccount"}""", 201)
        {
            Version = "2025-03-02-preview",
            Answer = """^\{"objectId":"[0-9a-f-]{36}","tenantId":"[0-9a-f-]{36}","principalType":"teamsResourceAccount"\}$""",
            SupportedVersions = TeamsExtensionVersions,
        },
        ["get a missing assignment to Teams Phone"] = new(Evidence.None, "Only the status is known: " + PhoneTutorial, "GET", PhoneAssignment, "", 404)
        {
            Version = "2025-06-30",
            Code = "NotFound",
            Message = "The resource does not exist.",
            SupportedVersions = TeamsExtensionVersions,
        },
        ["remove an assignment to Teams Phone"] = new(Evidence.Published, SpecificationExamples, "DELETE", PhoneAssignment, "", 204)
        {
            Version = "2026-09-23",
            SupportedVersions = TeamsExtensionVersions,
        },
        ["assign another type of principal to Teams Phone"] = new(Evidence.None, "None", "PUT", PhoneAssignment, """{"principalType":"group"}""", 400)
        {
            Version = "2025-06-30",
            Code = "ValidationError",
            Message = "principalType: The value could not be read as one of user, resourceAccount, teamsResourceAccount.",
            Target = "principalType",
            SupportedVersions = TeamsExtensionVersions,
        },
        ["assign to Teams Phone in a version without it"] = new(Evidence.None, "The message is the published one", "PUT", PhoneAssignment, """{"principalType":"user"}""", 400)
        {
            Code = "UnsupportedApiVersion",
            Message = "The HTTP resource that matches the request URI '{endpoint}access/teamsExtension/tenants/72f988bf-86f1-41af-91ab-2d7cd011db47/assignments/"
                + "11111111-28b9-4ae5-8f9c-1a1f3a1b2c01' does not support the API version '2023-10-01'.",
            SupportedVersions = TeamsExtensionVersions,
        },
        ["exchange for Teams Phone with the access key"] = new(Evidence.None, "None", "POST", "/access/teamsExtension/:exchangeAccessToken", "{}", 401)
        {
            Version = "2025-06-30",
            Code = "Denied",
            Message = "Denied by the resource provider.",
            SupportedVersions = TeamsExtensionVersions,
        },

        // Entra
        ["list the assignments of Entra"] = new(Evidence.None, "The REST specification", "GET", "/access/entra/assignments", "", 200)
        {
            Version = "2025-03-02-preview",
            Answer = """^\{"value":\[\]\}$""",
            SupportedVersions = AccessVersions,
        },
        ["exchange of Entra with the access key"] = new(Evidence.None, "None", "POST", "/access/entra/:exchangeAccessToken", "{}", 401)
        {
            Version = "2025-03-02-preview",
            Code = "Denied",
            Message = "Denied by the resource provider.",
            SupportedVersions = AccessVersions,
        },
    };
}
