using System;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using AcsIdentity.Errors;

namespace AcsIdentity.Connections;

/// <summary>The connection that a cmdlet uses where -Connection names none.</summary>
internal static class SessionConnection
{
    private static readonly ConditionalWeakTable<Runspace, AcsConnection> _connections = new();

    /// <summary>The connection that Connect-AcsIdentity made in the current runspace; null where it was not run. It is gone with the runspace.</summary>
    public static AcsConnection? Current
    {
        get => _connections.TryGetValue(Runspace.DefaultRunspace, out AcsConnection? connection) ? connection : null;
        set
        {
            _connections.Remove(Runspace.DefaultRunspace);
            if (value is not null)
            {
                _connections.Add(Runspace.DefaultRunspace, value);
            }
        }
    }

    /// <summary>The connection of the current runspace, else the one that the environment names, else null.</summary>
    /// <param name="cmdlet">Where a broken environment variable is reported, as a terminating error.</param>
    public static AcsConnection? Find(PSCmdlet cmdlet) => Current ?? FromEnvironment(cmdlet);

    /// <summary>The connection that the environment names, else null.</summary>
    /// <param name="cmdlet">Where a broken environment variable is reported, as a terminating error.</param>
    public static AcsConnection? FromEnvironment(PSCmdlet cmdlet)
    {
        if (EnvironmentConnection.Find() is not { } variable)
        {
            return null;
        }

        try
        {
            return EnvironmentConnection.Open(variable);
        }
        catch (FormatException broken)
        {
            cmdlet.ThrowTerminatingError(AcsErrors.InvalidConnection(broken.Message, EnvironmentConnection.SourceOf(variable.Name)));
            return null;
        }
    }
}
