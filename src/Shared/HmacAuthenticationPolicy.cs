using System;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Shared;

/// <summary>Signs each attempt of a request with the resource's access key.</summary>
/// <remarks>Scheme: https://learn.microsoft.com/azure/azure-resource-manager/communication-services/hmac-header-tutorial.</remarks>
internal sealed class HmacAuthenticationPolicy(AzureKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        Request request = message.Request;
        Uri uri = request.Uri.ToUri();
        string date = DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture);
        string contentHash = ContentHash(request.Content);
        string signature = Sign($"{request.Method}\n{uri.PathAndQuery}\n{date};{uri.Authority};{contentHash}");

        request.Headers.SetValue("x-ms-content-sha256", contentHash);
        request.Headers.SetValue("x-ms-date", date);
        request.Headers.SetValue("Authorization", $"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}");
    }

    private static string ContentHash(RequestContent? content)
    {
        using var body = new MemoryStream();
        content?.WriteTo(body, default);
        using var sha256 = SHA256.Create();
        return Convert.ToBase64String(sha256.ComputeHash(body.ToArray()));
    }

    private string Sign(string stringToSign)
    {
        // The key is read for each attempt, because its owner may rotate it.
        using var hmac = new HMACSHA256(Convert.FromBase64String(credential.Key));
        return Convert.ToBase64String(hmac.ComputeHash(Encoding.ASCII.GetBytes(stringToSign)));
    }
}
