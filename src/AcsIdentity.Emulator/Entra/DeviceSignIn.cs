using System;
using System.Linq;
using AcsIdentity.Emulator.Cryptography;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator.Entra;

/// <summary>The device authorization flow: the program shows a code, and the user enters it in a browser on any machine (RFC 8628).</summary>
/// <remarks>Protocol: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code</remarks>
internal sealed class DeviceSignIn(EntraTenant tenant, TimeProvider clock)
{
    /// <summary>The path of the page where the user enters the code.</summary>
    public const string PageName = "devicelogin";

    private const int UserCodeLength = 9;

    // 32 letters, so 5 bits each, without letters that look alike.
    private const string UserCodeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const string FormPolicy = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(15);

    private readonly ExpiringCodes<Attempt> _byDeviceCode = new(_lifetime, clock);
    private readonly ExpiringCodes<Attempt> _byUserCode = new(_lifetime, clock);

    /// <exception cref="EntraError">The request is not for this tenant, or a parameter is missing or wrong.</exception>
    public EmulatorResponse Start(EmulatorRequest request, string tenantName)
    {
        request.RequireForm();
        tenant.RequireTenantForUsers(tenantName);
        Guid clientId = tenant.GetUserApplication(request.RequiredFormParameter("client_id"));
        var attempt = new Attempt(new UserConsent(clientId, EntraScope.ForUser(request.RequiredFormParameter("scope"))));
        string deviceCode = Base64Url.Encode(RandomBytes.Create(32));
        string userCode = string.Concat(RandomBytes.Create(UserCodeLength).Select(random => UserCodeLetters[random % UserCodeLetters.Length]));
        _byDeviceCode.Add(deviceCode, attempt);
        _byUserCode.Add(userCode, attempt);

        string page = $"{request.Origin}/{PageName}";
        return EmulatorResponse.Json(200, json =>
        {
            json.WriteString("user_code", userCode);
            json.WriteString("device_code", deviceCode);
            json.WriteString("verification_uri", page);
            json.WriteNumber("expires_in", (long)_lifetime.TotalSeconds);
            json.WriteNumber("interval", 1);
            json.WriteString("message", $"To sign in, use a web browser to open the page {page} and enter the code {userCode} to authenticate.");
        });
    }

    /// <summary>Returns the user's consent, and invalidates the code.</summary>
    /// <exception cref="EntraError">The user has not entered the code yet, or the code has expired.</exception>
    public UserConsent Redeem(EmulatorRequest request)
    {
        string deviceCode = request.RequiredFormParameter("device_code");
        Attempt attempt = _byDeviceCode.Find(deviceCode) ?? throw EntraError.DeviceCodeExpired();
        if (tenant.GetUserApplication(request.RequiredFormParameter("client_id")) != attempt.Consent.ClientId)
        {
            throw EntraError.DeviceCodeExpired();
        }

        if (!attempt.IsApproved)
        {
            throw EntraError.AuthorizationPending();
        }

        return _byDeviceCode.Redeem(deviceCode)?.Consent ?? throw EntraError.DeviceCodeExpired();
    }

    /// <summary>Returns the page where the user enters the code, and handles an entered code. The code is the only credential.</summary>
    public EmulatorResponse HandleBrowser(EmulatorRequest request)
    {
        if (request.Method == "GET")
        {
            return Page(200, "Enter the code that the program shows.");
        }

        request.RequireForm();
        string userCode = request.FormParameter("user_code")?.Trim().ToUpperInvariant() ?? "";
        if (_byUserCode.Redeem(userCode) is not { } attempt)
        {
            return Page(400, "The code is not valid or has expired. Enter the code that the program shows.");
        }

        attempt.IsApproved = true;
        return Page(200, "You have signed in. You can close this window and return to the program.");
    }

    private static EmulatorResponse Page(int status, string text)
    {
        var html = new HtmlBuilder();
        html.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in</title></head>
            <body>
            <p role="status">{text}</p>
            <form method="post"><label>Code <input name="user_code" autocomplete="off" required></label> <button>Sign in</button></form>
            </body>
            </html>

            """);
        return EmulatorResponse.Page(status, html, FormPolicy);
    }

    private sealed class Attempt(UserConsent consent)
    {
        private volatile bool _isApproved;

        public UserConsent Consent { get; } = consent;

        public bool IsApproved
        {
            get => _isApproved;
            set => _isApproved = value;
        }
    }
}
