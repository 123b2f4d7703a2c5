using System.Linq;
using System.Reflection;

namespace AcsIdentity.Tests.Support;

/// <summary>Where the build has put things: the project file's AssemblyMetadata.</summary>
internal static class BuildSetting
{
    public static string Read(string key) =>
        typeof(BuildSetting).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(setting => setting.Key == key).Value!;
}
