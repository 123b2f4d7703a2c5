using System;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Runtime.CompilerServices;
using AcsIdentity.Errors;
using AcsIdentity.Models;

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
    public static AcsConnection? FromEnvironment(PSCmdlet cmdlet) =>
        EnvironmentConnection.Find() is { } variable
            ? Try(cmdlet, EnvironmentConnection.SourceOf(variable.Name), () => EnvironmentConnection.Open(variable))
            : null;

    /// <summary>Opens a connection or reads a part of one; what is wrong with it is a terminating error.</summary>
    /// <param name="cmdlet">Where the error is reported.</param>
    /// <param name="source">What the error names: a parameter or an environment variable.</param>
    /// <param name="open">Opens or reads.</param>
    public static T Try<T>(PSCmdlet cmdlet, string source, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (FormatException broken)
        {
            cmdlet.ThrowTerminatingError(AcsErrors.InvalidConnection(broken.Message, source));
        }
        catch (HttpListenerException refused)
        {
            cmdlet.ThrowTerminatingError(AcsErrors.EmulatorNotStarted(refused, port: 0));
        }

        throw new PipelineStoppedException();
    }
}
