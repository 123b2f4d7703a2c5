using System.Linq;
using System.Reflection;

namespace AcsIdentity.Tests.Support;

/// <summary>Paths from the build: the AssemblyMetadata of the project file.</summary>
internal static class BuildSetting
{
    public static string Read(string key) =>
        typeof(BuildSetting).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(setting => setting.Key == key).Value!;
}
