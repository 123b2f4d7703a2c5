using System;
using System.IO;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace AcsIdentity.Startup;

/// <summary>
/// Loads the AcsIdentity.dll that was compiled for this platform and this version of .NET, if the package has one. The manifest
/// names this assembly first. When PowerShell then loads the AcsIdentity.dll that the manifest names, .NET returns the loaded
/// one, because it is from the same build: native code lies beside the same IL.
/// </summary>
/// <remarks>.NET refuses an image for another platform, and then does not load the IL either. So the name of the folder has all that matters.</remarks>
public sealed class NativeModule : IModuleAssemblyInitializer
{
    /// <inheritdoc/>
    public void OnImport()
    {
        string path = Path.Combine(Path.GetDirectoryName(typeof(NativeModule).Assembly.Location)!, NameFolder(), "AcsIdentity.dll");
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            Assembly.LoadFrom(path);
        }
        catch (Exception failure) when (failure is IOException or BadImageFormatException)
        {
            // Native code is only faster: PowerShell loads the IL, or says why it cannot.
        }
    }

    /// <summary>Names the folder that native code for this process would have. For the .NET Framework there is none.</summary>
    private static string NameFolder()
    {
        string system = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win"
            : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx"
            : RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? "linux"
            : "other";
#pragma warning disable CA1308 // NuGet's names are in lower case.
        return $"net{Environment.Version.Major}.0-{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
#pragma warning restore CA1308
    }
}
