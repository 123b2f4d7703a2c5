using System;
using System.IO;
using System.Linq;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Desktop;

/// <summary>Checks the module for Windows PowerShell 5.1 against the reference assemblies of .NET Framework 4.7.2.</summary>
public sealed class FrameworkReferencesTests
{
    private static readonly string[] _files = Directory.GetFiles(BuildSetting.Read("DesktopModule"), "*.dll", SearchOption.AllDirectories);

    [Fact]
    public void Every_reference_of_the_module_resolves()
    {
        Assert.NotEmpty(_files);
        using var framework = new Framework(BuildSetting.Read("FrameworkReferences"), _files);

        string[] missing = framework.MissingReferences().ToArray();
        Assert.True(missing.Length == 0, string.Join(Environment.NewLine, missing));
    }

    [Fact]
    public void Reference_that_does_not_resolve_is_found()
    {
        using var framework = new Framework(BuildSetting.Read("FrameworkReferences"), [typeof(FrameworkReferencesTests).Assembly.Location]);

        Assert.Contains(framework.MissingReferences(), missing => missing.EndsWith("needs System.Runtime 10.0.0.0", StringComparison.Ordinal));
    }
}
