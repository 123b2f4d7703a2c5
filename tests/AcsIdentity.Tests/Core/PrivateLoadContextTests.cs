using System;
using System.IO;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;
using System.Text.Json;
using AcsIdentity.Loading;
using Xunit;

namespace AcsIdentity.Tests.Core;

/// <summary>Which copy of an assembly the module loads: its own or the platform's.</summary>
public sealed class PrivateLoadContextTests : IDisposable
{
    /// <summary>An assembly of the platform that the default context has loaded.</summary>
    private static readonly Assembly _platformCopy = typeof(JsonSerializer).Assembly;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly PrivateLoadContext _context;

    public PrivateLoadContextTests() => _context = new PrivateLoadContext(PathOf, _ => null);

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            // Windows locks the file of a loaded assembly.
        }
    }

    [Fact]
    public void Our_copy_loads_if_it_is_newer_than_the_platform_s()
    {
        Version version = _platformCopy.GetName().Version!;
        AssertOurs(AddAssembly(_platformCopy.GetName().Name!, new Version(version.Major, version.Minor, version.Build, version.Revision + 1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_platform_s_copy_loads_if_ours_is_not_newer(int older)
    {
        Version version = _platformCopy.GetName().Version!;
        AssemblyName name = AddAssembly(_platformCopy.GetName().Name!, new Version(version.Major - older, version.Minor, version.Build, version.Revision));
        Assert.Same(_platformCopy, _context.LoadFromAssemblyName(name));
    }

    [Fact]
    public void Our_copy_loads_if_the_default_context_has_a_copy_of_another_module()
    {
        AssemblyName name = AddAssembly("AcsIdentity.Tests.Foreign", new Version(1, 0));
        Assembly foreign = AssemblyLoadContext.Default.LoadFromStream(new MemoryStream(File.ReadAllBytes(PathOf(name.Name!))));

        AssertOurs(name);
        Assert.Same(foreign, Assembly.Load(name));
    }

    [Fact]
    public void AcsIdentity_is_not_loaded_a_second_time()
    {
        AssemblyName name = AddAssembly("AcsIdentity", new Version(99, 0));
        Assert.Same(typeof(PrivateLoadContext).Assembly, _context.LoadFromAssemblyName(new AssemblyName(name.Name!)));
    }

    private void AssertOurs(AssemblyName name) =>
        Assert.Same(_context, AssemblyLoadContext.GetLoadContext(_context.LoadFromAssemblyName(name)));

    /// <summary>Adds an empty assembly of that name and version to the module's folder.</summary>
    private AssemblyName AddAssembly(string name, Version version)
    {
        var identity = new AssemblyName(name) { Version = version };
        var assembly = new PersistedAssemblyBuilder(identity, typeof(object).Assembly);
        assembly.DefineDynamicModule(name);
        assembly.Save(PathOf(name));
        return new AssemblyName(name);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name + ".dll");
}
