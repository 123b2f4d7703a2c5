using System;
using System.IO;
using System.Linq;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Desktop;

/// <summary>The module of Windows PowerShell 5.1 against the reference assemblies of .NET Framework 4.7.2.</summary>
public sealed class FrameworkReferencesTests
{
    private static readonly string[] _files = Directory.GetFiles(BuildSetting.Read("DesktopModule"), "*.dll", SearchOption.AllDirectories);

    [Fact]
    public void Every_reference_of_the_module_resolves()
    {
        Assert.NotEmpty(_files);
        using var framework = new Framework(BuildSetting.Read("FrameworkReferences"), _files);

        string[] lacks = framework.Lacks().ToArray();
        Assert.True(lacks.Length == 0, string.Join(Environment.NewLine, lacks));
    }

    [Fact]
    public void What_the_framework_lacks_is_found_out()
    {
        using var framework = new Framework(BuildSetting.Read("FrameworkReferences"), [typeof(FrameworkReferencesTests).Assembly.Location]);

        Assert.Contains(framework.Lacks(), lack => lack.EndsWith("needs System.Runtime 10.0.0.0", StringComparison.Ordinal));
    }
}
