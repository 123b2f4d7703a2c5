using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Finds columns of a piped row that a command would ignore, although it has parameters of the same names.</summary>
internal static class UnreadColumns
{
    /// <param name="row">The piped object; null if nothing is piped.</param>
    /// <param name="names">The names of the parameters.</param>
    /// <returns>The first of the names that is a column with a value; null if there is none.</returns>
    public static string? Find(PSObject? row, IEnumerable<string> names) =>
        row is null ? null : names.FirstOrDefault(name => !string.IsNullOrWhiteSpace(ReadColumn(row, name)?.ToString()));

    /// <remarks>Only keys and note properties are columns: Count, for example, is also a property of all lists and groups.</remarks>
    private static object? ReadColumn(PSObject row, string name) =>
        row.BaseObject is IDictionary || row.Properties[name] is PSNoteProperty ? IdentityInput.Read(row, name) : null;
}
