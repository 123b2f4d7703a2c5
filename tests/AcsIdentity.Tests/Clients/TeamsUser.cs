using System;
using AcsIdentity.Tests.Support;

namespace AcsIdentity.Tests.Clients;

/// <summary>A Teams user with an Entra token, and the call that exchanges it.</summary>
internal static class TeamsUser
{
    private const string App = "d5e3ee9e-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const string User = "0b6c3f0e-4ef4-4f63-95c5-6c7d8e9fa002";

    public static ClientCall Exchange(DateTimeOffset expiresOn) => new(ClientOperation.Exchange)
    {
        TeamsToken = Jwt.Unsigned($$"""{"exp":{{expiresOn.ToUnixTimeSeconds()}},"appid":"{{App}}","oid":"{{User}}"}"""),
        AppId = App,
        UserId = User,
    };
}
