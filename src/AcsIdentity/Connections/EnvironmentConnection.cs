using System;
using System.Collections.Generic;
using AcsIdentity.Models;

namespace AcsIdentity.Connections;

/// <summary>The connection that the environment names, for where Connect-AcsIdentity was not run.</summary>
internal static class EnvironmentConnection
{
    private static readonly object _lock = new();
    private static string? _openedFrom;
    private static AcsConnection? _opened;

    /// <summary>The variables that may hold a connection string, the first one first.</summary>
    public static IReadOnlyList<string> VariableNames { get; } =
        ["COMMUNICATION_SERVICES_CONNECTION_STRING", "AZURE_COMMUNICATION_CONNECTION_STRING"];

    /// <summary>The first variable that is set; null where none is.</summary>
    public static (string Name, string Value)? Find()
    {
        foreach (string name in VariableNames)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                return (name, value);
            }
        }

        return null;
    }

    /// <summary>How messages call the variable.</summary>
    public static string SourceOf(string variableName) => "environment variable " + variableName;

    /// <summary>Opens the connection; the same one again for as long as the variable keeps its value.</summary>
    /// <exception cref="FormatException">The connection string is broken.</exception>
    public static AcsConnection Open((string Name, string Value) variable)
    {
        lock (_lock)
        {
            if (_opened is null || _openedFrom != Key())
            {
                _opened = AcsConnection.Open(variable.Value, SourceOf(variable.Name));
                _openedFrom = Key();
            }

            return _opened;
        }

        // An emulator that was stopped and started again listens somewhere else.
        string Key() => $"{variable.Name}={variable.Value}@{AcsEmulator.Current?.Endpoint}";
    }
}
