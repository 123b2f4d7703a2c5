using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AcsIdentity.Emulator.Server;

/// <summary>Reads identity ids from a text file, one on each line, or from a CSV file, in any column.</summary>
internal static class IdentityFile
{
    private const string IdStart = "8:";

    /// <exception cref="FormatException">A line has no id, and is not the header of a CSV file. The emulator checks the ids themselves.</exception>
    public static IReadOnlyList<string> Read(FileInfo file)
    {
        var ids = new List<string>();
        int number = 0;
        foreach (string line in File.ReadLines(file.FullName))
        {
            number++;
            string[] found = line.Split(',', ';', '\t').Select(cell => cell.Trim(' ', '"')).Where(cell => cell.StartsWith(IdStart, StringComparison.Ordinal)).ToArray();
            if (found.Length == 0 && number > 1 && !string.IsNullOrWhiteSpace(line))
            {
                // Does not quote the line: it may contain a token.
                throw new FormatException($"{file}: Line {number} has no id of an identity, such as 8:acs:<resource id>_<user id>.");
            }

            ids.AddRange(found);
        }

        return ids;
    }
}
