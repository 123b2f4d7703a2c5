using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AcsIdentity.Emulator.Cryptography;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator.Entra;

/// <summary>
/// The authorization endpoint (authorization code flow with PKCE). It signs the tenant's one user in without a password, so
/// it sends the code only to a loopback address on the browser's machine.
/// </summary>
/// <remarks>Protocol: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow</remarks>
internal sealed class AuthorizationEndpoint(EntraTenant tenant, EntraTokens tokens, TimeProvider clock)
{
    private const string SubmitScript = "document.forms[0].submit()";

    private static readonly string _scriptPolicy =
        $"default-src 'none'; script-src 'sha256-{Convert.ToBase64String(Hash(SubmitScript))}'; form-action http://localhost:* http://127.0.0.1:*; base-uri 'none'; frame-ancestors 'none'";

    private readonly ExpiringCodes<Grant> _grants = new(TimeSpan.FromMinutes(10), clock);

    /// <exception cref="EntraError">The request is not for this tenant, or a parameter is missing or wrong.</exception>
    public EmulatorResponse SignIn(EmulatorRequest request, string tenantName)
    {
        tenant.RequireTenantForUsers(tenantName);
        string responseType = request.RequiredQueryParameter("response_type");
        if (responseType != "code")
        {
            throw EntraError.ResponseTypeUnsupported(responseType);
        }

        Guid clientId = tenant.GetUserApplication(request.RequiredQueryParameter("client_id"));
        var scope = EntraScope.ForUser(request.RequiredQueryParameter("scope"));
        string redirect = request.RequiredQueryParameter("redirect_uri");
        if (!Uri.TryCreate(redirect, UriKind.Absolute, out Uri? address) || address.Scheme != "http" || !address.IsLoopback || address.Fragment.Length > 0)
        {
            throw EntraError.RedirectInvalid(redirect, clientId);
        }

        string code = Base64Url.Encode(RandomBytes.Create(32));
        _grants.Add(code, new Grant(new UserConsent(clientId, scope, request.QueryParameter("nonce")), redirect, request.RequiredQueryParameter("code_challenge")));
        var response = new List<KeyValuePair<string, string>> { new("code", code), new("client_info", tokens.ClientInfo(tenant.SignedInUser(clientId))) };
        if (request.QueryParameter("state") is { } state)
        {
            response.Add(new("state", state));
        }

        return request.QueryParameter("response_mode") == "form_post" ? PostFromBrowser(address, response) : Redirect(address, response);
    }

    /// <summary>Returns the user's consent, and invalidates the code.</summary>
    /// <exception cref="EntraError">The code is not valid, or was issued to another program.</exception>
    public UserConsent Redeem(EmulatorRequest request)
    {
        Grant grant = _grants.Redeem(request.RequiredFormParameter("code")) ?? throw EntraError.AuthorizationCodeInvalid();
        if (tenant.GetUserApplication(request.RequiredFormParameter("client_id")) != grant.Consent.ClientId || request.RequiredFormParameter("redirect_uri") != grant.Redirect)
        {
            throw EntraError.AuthorizationCodeInvalid();
        }

        string verifier = request.RequiredFormParameter("code_verifier");
        return Base64Url.Encode(Hash(verifier)) == grant.Challenge ? grant.Consent : throw EntraError.CodeVerifierInvalid();
    }

    private static EmulatorResponse Redirect(Uri address, IEnumerable<KeyValuePair<string, string>> response)
    {
        string query = string.Join("&", response.Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value)}"));
        string separator = address.Query.Length == 0 ? "?" : "&";
        // The parsed address, not the text from the client: a browser may read another host in the text, and a header cannot contain every character.
        return new EmulatorResponse { Status = 302, Headers = { ["Location"] = address.AbsoluteUri + separator + query, ["Cache-Control"] = "no-store" } };
    }

    /// <summary>OAuth 2.0 Form Post Response Mode: returns a page that posts the response to the program.</summary>
    private static EmulatorResponse PostFromBrowser(Uri address, IEnumerable<KeyValuePair<string, string>> response)
    {
        var html = new HtmlBuilder();
        html.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Signed in</title></head>
            <body>
            <form method="post" action="{address.AbsoluteUri}">

            """);
        foreach (KeyValuePair<string, string> parameter in response)
        {
            html.Append($"""<input type="hidden" name="{parameter.Key}" value="{parameter.Value}">""");
        }

        html.Append($"""

            <button>Return to the program</button>
            </form>
            <script>{SubmitScript}</script>
            </body>
            </html>

            """);
        return EmulatorResponse.Page(200, html, _scriptPolicy);
    }

    private static byte[] Hash(string text) => Sha256.Hash(Encoding.ASCII.GetBytes(text));

    private sealed record Grant(UserConsent Consent, string Redirect, string Challenge);
}
