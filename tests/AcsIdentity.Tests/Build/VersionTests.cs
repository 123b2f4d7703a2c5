using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Build;

/// <summary>Each version is in one file: of a package or module in Directory.Packages.props, of a tool in its manifest.</summary>
public sealed class VersionTests
{
    private static readonly XDocument _packages = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));

    [Fact]
    public void Tools_are_pinned_to_one_stable_version()
    {
        KeyValuePair<string, string>[] tools = [.. Tools()];

        Assert.Contains("powershell", tools.Select(tool => tool.Key));
        Assert.All(tools, tool => Assert.Matches(@"^\d+\.\d+\.\d+$", tool.Value));
    }

    [Fact]
    public void Packages_and_modules_are_pinned_to_one_stable_version()
    {
        string[] versions =
        [
            .. _packages.Descendants("PackageVersion").Attributes("Version").Select(version => version.Value),
            .. _packages.Descendants().Where(property => property.Name.LocalName is "PesterVersion" or "PSScriptAnalyzerVersion").Select(property => property.Value),
        ];

        Assert.True(versions.Length > 10);
        Assert.All(versions, version => Assert.Matches(@"^\d+(\.\d+){2,3}$", version));
    }

    [Fact]
    public void No_other_file_repeats_a_version()
    {
        string[] projects = [.. Repository.Files("*.csproj"), .. Repository.Files("*.props").Where(file => Path.GetFileName(file) != "Directory.Packages.props")];
        string[] scripts = [.. Repository.Files("*.ps1"), .. Repository.Files("*.sh"), .. Repository.Files("*.yml")];
        string pins = string.Join('|', Tools().Values.Concat(_packages.Descendants("PesterVersion").Select(pin => pin.Value)).Select(Regex.Escape));

        Assert.All(projects, file => Assert.DoesNotMatch("""<Package(Reference|Download)[^>]* Version(Override)?="[^"$]*\d""", File.ReadAllText(file)));
        Assert.All(scripts, file => Assert.DoesNotMatch($"({pins})", File.ReadAllText(file)));
    }

    private static Dictionary<string, string> Tools()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, ".config/dotnet-tools.json")));
        return manifest.RootElement.GetProperty("tools").EnumerateObject()
            .ToDictionary(tool => tool.Name, tool => tool.Value.GetProperty("version").GetString()!, StringComparer.Ordinal);
    }
}
