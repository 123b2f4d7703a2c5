using System;
using System.Collections.Generic;
using AcsIdentity.Models;

namespace AcsIdentity.Connections;

/// <summary>The connection from an environment variable. Cmdlets use it if Connect-AcsIdentity was not run.</summary>
internal static class EnvironmentConnection
{
    private static readonly object _lock = new();
    private static string? _openedFrom;
    private static AcsConnection? _opened;

    /// <summary>The variables that may contain a connection string. The first one that is set is used.</summary>
    public static IReadOnlyList<string> VariableNames { get; } =
        ["COMMUNICATION_SERVICES_CONNECTION_STRING", "AZURE_COMMUNICATION_CONNECTION_STRING"];

    /// <summary>Finds the first variable that is set. Returns null if there is none.</summary>
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

    /// <summary>Describes the variable for messages.</summary>
    public static string DescribeSource(string variableName) => "environment variable " + variableName;

    /// <summary>Opens the connection, with the ledger of the environment. Returns the same one again while the variables keep their values.</summary>
    /// <exception cref="FormatException">The connection string is not valid.</exception>
    /// <exception cref="InvalidLedgerException">The ledger is not valid.</exception>
    public static AcsConnection Open((string Name, string Value) variable)
    {
        lock (_lock)
        {
            if (_opened is null || _openedFrom != Key())
            {
                _opened = AcsConnection.Open(variable.Value, DescribeSource(variable.Name), LedgerLocation.FromEnvironment());
                _openedFrom = Key();
            }

            return _opened;
        }

        // After a restart, the emulator may listen on another port.
        string Key() =>
            $"{variable.Name}={variable.Value}@{AcsEmulator.Current?.Endpoint} {Environment.GetEnvironmentVariable(LedgerLocation.VariableName)}";
    }
}
