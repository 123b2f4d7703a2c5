using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AcsIdentity.Tests.Support;

/// <summary>The files that the project consists of.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution in it.</summary>
    public static string Root { get; } = BuildSetting.Read("RepositoryRoot");

    /// <summary>The files of that name below the root, without what a build makes.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).StartsWith("artifacts", System.StringComparison.Ordinal) && !file.Contains("node_modules", System.StringComparison.Ordinal));
}
