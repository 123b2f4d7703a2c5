using System;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Tests.Service;

/// <summary>Responds as Microsoft Entra ID does, for any authority, and records the requests.</summary>
internal sealed class StubAuthority : HttpMessageHandler
{
    private static readonly string _user = $$"""
        ,"client_info":"{{Encode("""{"uid":"user","utid":"tenant"}""")}}",
        "id_token":"{{Encode("""{"alg":"none"}""")}}.{{Encode("""{"oid":"user","tid":"tenant","preferred_username":"user"}""")}}."
        """;

    private readonly ConcurrentQueue<(Uri Address, string Body)> _requests = new();

    /// <summary>The request for a token, and the address that it was sent to.</summary>
    public (Uri Address, string Body) TokenRequest => _requests.Last(request => !IsDiscovery(request.Address));

    public IReadOnlyCollection<Uri> Addresses => [.. _requests.Select(request => request.Address)];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri address = request.RequestUri!;
        string form = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        _requests.Enqueue((address, form));
        string authority = address.GetLeftPart(UriPartial.Authority);
        string body = address.AbsolutePath switch
        {
            string path when path.EndsWith("/discovery/instance", StringComparison.Ordinal) => $$"""
                {"tenant_discovery_endpoint":"{{authority}}/tenant/v2.0/.well-known/openid-configuration","api-version":"1.1",
                 "metadata":[{"preferred_network":"{{address.Host}}","preferred_cache":"{{address.Host}}","aliases":["{{address.Host}}"]}]}
                """,
            string path when path.EndsWith("/openid-configuration", StringComparison.Ordinal) => $$"""
                {"issuer":"{{authority}}/tenant/v2.0","authorization_endpoint":"{{authority}}/tenant/oauth2/v2.0/authorize",
                 "token_endpoint":"{{authority}}/tenant/oauth2/v2.0/token","device_authorization_endpoint":"{{authority}}/tenant/oauth2/v2.0/devicecode"}
                """,
            string path when path.EndsWith("/devicecode", StringComparison.Ordinal) =>
                """{"user_code":"ABC","device_code":"code","verification_uri":"https://page","expires_in":900,"interval":1,"message":"Enter ABC."}""",
            _ => $$"""
                {"token_type":"Bearer","access_token":"entra","expires_in":3600,"expires_on":"{{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}}",
                 "resource":"r"{{(form.Contains("device_code", StringComparison.Ordinal) ? _user : "")}}}
                """,
        };
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, null, "application/json"), RequestMessage = request };
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static bool IsDiscovery(Uri address) =>
        address.AbsolutePath.EndsWith("/discovery/instance", StringComparison.Ordinal) || address.AbsolutePath.EndsWith("/openid-configuration", StringComparison.Ordinal);
}
