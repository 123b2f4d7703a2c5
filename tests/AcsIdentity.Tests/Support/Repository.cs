using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AcsIdentity.Tests.Support;

/// <summary>The files of the project.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution in it.</summary>
    public static string Root { get; } = BuildSetting.Read("RepositoryRoot");

    /// <summary>Returns the files of that name below the root, without build output.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).StartsWith("artifacts", System.StringComparison.Ordinal) && !file.Contains("node_modules", System.StringComparison.Ordinal));
}
