using System.Management.Automation;
using AcsIdentity.Connections;

namespace AcsIdentity.Commands;

/// <summary>Removes the connection of this session. Identities and tokens do not change.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "AcsIdentity", HelpUri = HelpPages.Folder + "Disconnect-AcsIdentity.md")]
public sealed class DisconnectAcsIdentityCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => SessionConnection.Current = null;
}
