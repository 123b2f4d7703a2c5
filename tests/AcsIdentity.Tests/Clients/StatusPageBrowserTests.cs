using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Clients;

/// <summary>The status page in headless Chromium, while Microsoft's JavaScript client makes calls.</summary>
public sealed class StatusPageBrowserTests
{
    private const string Image = "<img src=x onerror=alert(1)>";
    private const string Script = "<script>alert(2)</script>";

    [SkippableTheory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Page_updates_itself_and_is_safe_and_its_buttons_work(HostKind kind)
    {
        Skip.If(Chromium.Path is null, "Chromium is not on this machine.");
        InstalledClient client = await InstalledClient.GetAsync(ClientLanguage.JavaScript);
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        EmulatorResponse created = host.Emulator.Handle(
            SignedRequest.Create(host.Emulator.AccessKey, "POST", "/identities?api-version=2025-03-02-preview", $$"""{"customId":"{{Image}}"}""")
            .With(("User-Agent", Script)));
        Assert.Equal(201, created.Status);

        string[] ids = [.. Enumerable.Range(0, 3).Select(_ => Guid.NewGuid().ToString())];
        Assert.Equal(201, host.Emulator.Handle(SignedRequest.Create(
            host.Emulator.AccessKey,
            "PUT",
            $"/access/teamsExtension/tenants/{ids[1]}/assignments/{ids[0]}?api-version=2025-06-30",
            $$"""{"principalType":"user","clientIds":["{{ids[2]}}"]}""")).Status);

        JsonElement seen = await DriveAsync(client, host);

        Assert.Equal("not reloaded", seen.GetProperty("marker").GetString());
        Assert.Equal(["valid"], Texts(seen, "states"));
        Assert.Equal([Image, Script], Texts(seen, "texts"));
        Assert.Equal(0, seen.GetProperty("elements").GetInt32());
        Assert.Empty(Texts(seen, "dialogs"));
        Assert.Empty(Texts(seen, "problems"));
        Assert.Equal([host.Endpoint.GetLeftPart(UriPartial.Authority)], Texts(seen, "origins"));
        Assert.Equal(0, seen.GetProperty("rowsUnderPointer").GetInt32());
        string firstId = seen.GetProperty("firstId").GetString()!;
        Assert.Equal(["1400: beside, lines of an id: 1", "600: below, lines of an id: 1"], Texts(seen, "layout"));
        Assert.Equal(ids, Texts(seen, "assigned"));
        Assert.Equal([firstId, firstId], Texts(seen, "copied"));
        Assert.Equal(
            ["Identities: 1, requests: 0", "Identities: 1, requests: 1", "False", firstId.ToUpperInvariant(), "1"],
            seen.GetProperty("filtered").EnumerateArray().Select(value => value.ToString()));
        Assert.Equal(0, seen.GetProperty("plainControls").GetInt32());
        Assert.Contains("revoked", seen.GetProperty("plainText").GetString(), StringComparison.Ordinal);

        TokenIntrospection revoked = host.Emulator.Introspect(seen.GetProperty("firstToken").GetString()!);
        Assert.Equal((true, true), (revoked.IsRevoked, revoked.IdentityExists));
        Assert.False(host.Emulator.Introspect(seen.GetProperty("secondToken").GetString()!).IdentityExists);
        Assert.Equal(2, host.Emulator.IdentityCount);
    }

    /// <summary>Runs page.mjs, which uses the page, and returns what it saw.</summary>
    private static async Task<JsonElement> DriveAsync(InstalledClient client, EmulatorHost host)
    {
        string script = Path.Combine(Path.GetDirectoryName(client.Script)!, "page.mjs");
        var start = new ProcessStartInfo(client.Program, [script, host.ConnectionString, Chromium.Path!]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static string[] Texts(JsonElement json, string member) => [.. json.GetProperty(member).EnumerateArray().Select(text => text.GetString()!)];
}
