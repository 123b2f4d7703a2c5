using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AcsIdentity.Emulator.Cryptography;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Authentication;

/// <summary>Authenticates a request by its HMAC-SHA256 signature.</summary>
/// <remarks>
/// Scheme: https://learn.microsoft.com/azure/azure-resource-manager/communication-services/hmac-header-tutorial.
/// Clients older than mid-2021 sign Date instead of x-ms-date; the service accepts both.
/// </remarks>
internal sealed class SignatureAuthenticator(byte[] accessKey, TimeProvider clock)
{
    private const string Scheme = "HMAC-SHA256 ";

    /// <summary>
    /// The largest difference between request date and clock. Not recorded, but two public programs for ACS email, which has the
    /// same signatures, handle a 401 whose message names 5 minutes.
    /// </summary>
    private static readonly TimeSpan _dateWindow = TimeSpan.FromMinutes(5);

    /// <exception cref="ServiceError">The signature is not valid for the access key, or the date is outside the window.</exception>
    public void Authenticate(EmulatorRequest request)
    {
        string contentHash = request.Header("x-ms-content-sha256") ?? throw ServiceError.Denied();
        string host = request.Header("Host") ?? throw ServiceError.Denied();
        (string dateHeader, string signature) = ReadAuthorization(request.Header("Authorization"));
        string date = request.Header(dateHeader) ?? throw ServiceError.Denied();

        if (!DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset sent))
        {
            throw ServiceError.Denied();
        }

        if ((clock.GetUtcNow() - sent).Duration() > _dateWindow)
        {
            throw ServiceError.DateOutsideWindow(_dateWindow.Minutes);
        }

        if (!IsSigned(signature, $"{request.Method}\n{request.RawTarget}\n{date};{host};{contentHash}"))
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

    private bool IsSigned(string signature, string stringToSign)
    {
        // Not HMACSHA256.HashData, which takes twice as long with OpenSSL 3.
        using var hmac = new HMACSHA256(accessKey);
        return FixedTime.AreEqual(signature, Convert.ToBase64String(hmac.ComputeHash(Encoding.ASCII.GetBytes(stringToSign))));
    }
}
