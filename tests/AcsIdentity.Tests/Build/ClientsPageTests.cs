using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Xml.Linq;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Build;

/// <summary>The versions in docs/clients.md are those that the tests run.</summary>
public sealed class ClientsPageTests
{
    [Theory]
    [InlineData("@azure/communication-identity")]
    [InlineData("@azure/communication-common")]
    public void Page_names_every_stable_version_of_a_package_from_npm(string package)
    {
        string json = File.ReadAllText(Path.Combine(Repository.Root, "tests/AcsIdentity.Tests/Clients/JavaScript/package.json"));
        string[] versions = [.. JsonDocument.Parse(json).RootElement.GetProperty("dependencies").EnumerateObject()
            .Select(dependency => dependency.Name == package ? dependency.Value.GetString()! : Aliased(dependency.Value.GetString()!, package))
            .Where(version => version.Length > 0 && !version.Contains('-', StringComparison.Ordinal))];

        string row = Row("JavaScript: `@azure/communication-identity`");
        Assert.NotEmpty(versions);
        Assert.All(versions, version => Assert.Contains(version, row, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Azure.Communication.Identity")]
    [InlineData("Azure.Identity")]
    public void Page_names_the_version_of_a_package_from_NuGet(string package)
    {
        string version = XDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props"))).Descendants("PackageVersion")
            .Single(element => (string?)element.Attribute("Include") == package).Attribute("Version")!.Value;

        Assert.Contains(version, Row($".NET: `{package}`"), StringComparison.Ordinal);
    }

    /// <summary>Returns the version in npm:package@version; empty for another package.</summary>
    private static string Aliased(string value, string package) =>
        value.StartsWith($"npm:{package}@", StringComparison.Ordinal) ? value[(value.LastIndexOf('@') + 1)..] : "";

    private static string Row(string client) =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs/clients.md")).Split('\n').Single(line => line.StartsWith($"| {client}", StringComparison.Ordinal));
}
