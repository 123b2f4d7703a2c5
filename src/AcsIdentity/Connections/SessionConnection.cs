using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Runtime.CompilerServices;
using AcsIdentity.Errors;
using AcsIdentity.Models;

namespace AcsIdentity.Connections;

/// <summary>The connections of the current runspace: the one that a cmdlet uses if -Connection is omitted, and those with a name.</summary>
internal static class SessionConnection
{
    private static readonly ConditionalWeakTable<Runspace, AcsConnection> _connections = new();
    private static readonly ConditionalWeakTable<Runspace, SortedDictionary<string, AcsConnection>> _named = new();

    /// <summary>The connections with a name, by name. Names are not case-sensitive.</summary>
    public static IDictionary<string, AcsConnection> Named =>
        _named.GetValue(Runspace.DefaultRunspace, _ => new SortedDictionary<string, AcsConnection>(StringComparer.OrdinalIgnoreCase));

    /// <summary>The connection that Connect-AcsIdentity made in the current runspace, or null. It lasts as long as the runspace.</summary>
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

    /// <summary>Finds the connections whose names match a pattern with wildcards. If a name without wildcards is not found, writes an error.</summary>
    /// <param name="cmdlet">The cmdlet that reports the error.</param>
    /// <param name="pattern">The name or pattern.</param>
    public static IReadOnlyList<AcsConnection> FindNamed(PSCmdlet cmdlet, string pattern)
    {
        var wildcard = new WildcardPattern(pattern, WildcardOptions.IgnoreCase);
        AcsConnection[] found = Named.Values.Where(connection => wildcard.IsMatch(connection.Name)).ToArray();
        if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(pattern))
        {
            cmdlet.WriteError(AcsErrors.NoSuchConnection(Named.Keys));
        }

        return found;
    }

    /// <summary>Gets the connection of the current runspace, else the one from an environment variable, else null.</summary>
    /// <param name="cmdlet">The cmdlet that reports an invalid variable, as a terminating error.</param>
    public static AcsConnection? Find(PSCmdlet cmdlet) => Current ??
        (EnvironmentConnection.Find() is { } variable
            ? Try(cmdlet, EnvironmentConnection.DescribeSource(variable.Name), () => EnvironmentConnection.Open(variable))
            : null);

    /// <summary>Opens a connection or reads a part of one. A failure becomes a terminating error.</summary>
    /// <param name="cmdlet">The cmdlet that reports the error.</param>
    /// <param name="source">The parameter or environment variable that the error names.</param>
    /// <param name="open">Opens or reads it.</param>
    public static T Try<T>(PSCmdlet cmdlet, string source, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (InvalidLedgerException broken)
        {
            cmdlet.ThrowTerminatingError(AcsErrors.InvalidLedger(broken));
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
