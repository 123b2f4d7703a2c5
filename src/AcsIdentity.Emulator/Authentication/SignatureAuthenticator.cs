using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AcsIdentity.Emulator.Cryptography;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Authentication;

/// <summary>Checks the service's HMAC-SHA256 request signature.</summary>
/// <remarks>
/// Scheme: https://learn.microsoft.com/azure/azure-resource-manager/communication-services/hmac-header-tutorial.
/// Clients older than mid-2021 sign Date instead of x-ms-date; the service takes either.
/// </remarks>
internal sealed class SignatureAuthenticator(byte[] accessKey, TimeProvider clock)
{
    private const string Scheme = "HMAC-SHA256 ";

    /// <summary>How far a request's date may be from the clock. The service's own limit is not recorded; 15 minutes is its documented order.</summary>
    private static readonly TimeSpan _dateWindow = TimeSpan.FromMinutes(15);

    /// <exception cref="ServiceError">The request is not signed with the resource's key, or its date is out of the window.</exception>
    public void Authenticate(EmulatorRequest request)
    {
        string contentHash = request.Header("x-ms-content-sha256") ?? throw ServiceError.Denied();
        string host = request.Header("Host") ?? throw ServiceError.Denied();
        (string dateHeader, string signature) = ReadAuthorization(request.Header("Authorization"));
        string date = request.Header(dateHeader) ?? throw ServiceError.Denied();

        if (!IsInWindow(date) || !IsSigned(signature, $"{request.Method}\n{request.RawTarget}\n{date};{host};{contentHash}"))
        {
            throw ServiceError.Denied();
        }

        if (!FixedTime.AreEqual(contentHash, Convert.ToBase64String(Sha256.Hash(request.Body))))
        {
            throw ServiceError.ContentHashDiffers();
        }
    }

    private static (string DateHeader, string Signature) ReadAuthorization(string? value)
    {
        if (value?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true)
        {
            foreach (string dateHeader in (string[])["x-ms-date", "date"])
            {
                string prefix = $"SignedHeaders={dateHeader};host;x-ms-content-sha256&Signature=";
                string parameters = value.Substring(Scheme.Length);
                if (parameters.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                {
                    return (dateHeader, parameters.Substring(prefix.Length));
                }
            }
        }

        throw ServiceError.Denied();
    }

    private bool IsInWindow(string date) =>
        DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset sent)
        && (clock.GetUtcNow() - sent).Duration() <= _dateWindow;

    private bool IsSigned(string signature, string stringToSign)
    {
        using var hmac = new HMACSHA256(accessKey);
        return FixedTime.AreEqual(signature, Convert.ToBase64String(hmac.ComputeHash(Encoding.ASCII.GetBytes(stringToSign))));
    }
}
