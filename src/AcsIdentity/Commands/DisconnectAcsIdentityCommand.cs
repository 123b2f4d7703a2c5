using System.Management.Automation;
using AcsIdentity.Connections;
using AcsIdentity.Models;
using AcsIdentity.Parameters.Completion;

namespace AcsIdentity.Commands;

/// <summary>Removes the connection of this session, or connections with a name. Identities and tokens do not change.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "AcsIdentity", HelpUri = HelpPages.Folder + "Disconnect-AcsIdentity.md")]
public sealed class DisconnectAcsIdentityCommand : PSCmdlet
{
    /// <summary>The names of the connections to remove; wildcards are allowed. Without it, the connection without a name is removed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [SupportsWildcards]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Name is null)
        {
            SessionConnection.Current = null;
            return;
        }

        foreach (AcsConnection connection in SessionConnection.FindNamed(this, Name))
        {
            SessionConnection.Named.Remove(connection.Name!);
        }
    }
}
