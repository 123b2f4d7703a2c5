using System.Management.Automation;
using AcsIdentity.Connections;

namespace AcsIdentity.Commands;

/// <summary>Forgets the connection of this session. Identities and tokens stay as they are.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "AcsIdentity", HelpUri = HelpPages.Folder + "Disconnect-AcsIdentity.md")]
public sealed class DisconnectAcsIdentityCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => SessionConnection.Current = null;
}
