using System;
using AcsIdentity.Emulator;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator;

/// <summary>The front door of the emulator.</summary>
public sealed class IdentityEmulatorTests : EmulatorTests
{
    [Fact]
    public void Refused_requests_are_counted_too()
    {
        Create();
        Emulator.Handle(SignedRequest.Create(Emulator.AccessKey, "GET", "/identities").With(("Authorization", null)));

        Assert.Equal(2, Emulator.RequestCount);
    }

    [Fact]
    public void Reset_is_announced_when_it_is_done()
    {
        Create();
        int? left = null;
        Emulator.WasReset += (_, _) => left = Emulator.IdentityCount;

        Emulator.Reset();

        Assert.Equal(0, left);
    }

    [Fact]
    public void Keys_and_secrets_are_random()
    {
        using var other = new IdentityEmulator();

        Assert.NotEqual(other.AccessKey, Emulator.AccessKey);
        Assert.NotEqual(other.Entra.ClientSecret, Emulator.Entra.ClientSecret);
        Assert.NotEqual(other.Entra.IdentityHeader, Emulator.Entra.IdentityHeader);
    }

    [Fact]
    public void Connection_string_has_the_address_and_the_key()
    {
        Assert.Equal($"endpoint=http://localhost:7080/;accesskey={Emulator.AccessKey}", Emulator.ConnectionString(new Uri("http://localhost:7080")));
    }

    [Fact]
    public void Access_key_that_is_not_base64_is_refused()
    {
        Assert.Throws<FormatException>(() => new IdentityEmulator(new EmulatorOptions { AccessKey = "not base64!" }));
    }
}
