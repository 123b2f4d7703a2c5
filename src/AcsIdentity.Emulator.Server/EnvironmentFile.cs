using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AcsIdentity.Emulator.Server;

/// <summary>A file with the variables that clients need: for sh (.env, .sh), for PowerShell (.ps1), or as JSON (.json). It exists while the emulator runs.</summary>
internal sealed class EnvironmentFile : IDisposable
{
    private const string Writer = "acs-emulator";

    // For a reader of the file: quotes and + in keys stay as they are.
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;
    private readonly byte[] _content;

    private EnvironmentFile(string path, byte[] content)
    {
        _path = path;
        _content = content;
    }

    public static IReadOnlyList<string> Extensions { get; } = [".env", ".sh", ".ps1", ".json"];

    /// <summary>Writes the file.</summary>
    /// <param name="path">The file. It must not exist, or must be one that this program wrote.</param>
    /// <param name="variables">The variables.</param>
    /// <exception cref="IOException">The file exists and is something else, such as the settings of another program.</exception>
    public static EnvironmentFile Write(string path, IReadOnlyList<(string Name, string Value)> variables)
    {
        if (File.Exists(path) && !File.ReadLines(path).Take(2).Any(line => line.Contains(Writer, StringComparison.Ordinal)))
        {
            throw new IOException($"--env-file: {path} exists, and {Writer} did not write it. Name another file.");
        }

        string text = Path.GetExtension(path) switch
        {
            ".json" => JsonSerializer.Serialize(new { writtenBy = Writer, variables = variables.ToDictionary(variable => variable.Name, variable => variable.Value) }, _json) + "\n",
            ".ps1" => Script(variables, (name, value) => $"$env:{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'"),
            _ => Script(variables, (name, value) => $"export {name}='{value.Replace("'", "'\\''", StringComparison.Ordinal)}'"),
        };
        byte[] content = Encoding.UTF8.GetBytes(text);
        PrivateFile.Write(path, content);
        return new EnvironmentFile(path, content);
    }

    /// <summary>Removes the file, unless it was replaced since: the emulator that it describes ends.</summary>
    public void Dispose()
    {
        if (File.Exists(_path) && File.ReadAllBytes(_path).AsSpan().SequenceEqual(_content))
        {
            File.Delete(_path);
        }
    }

    private static string Script(IReadOnlyList<(string Name, string Value)> variables, Func<string, string, string> assign) =>
        $"# Written by {Writer}, which removes this file when it ends. It contains secrets.\n"
        + string.Concat(variables.Select(variable => assign(variable.Name, variable.Value) + "\n"));
}
