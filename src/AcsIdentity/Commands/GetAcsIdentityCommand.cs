using System.Management.Automation;
using AcsIdentity.Calls;
using AcsIdentity.Connections;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;

namespace AcsIdentity.Commands;

/// <summary>Writes the identities that this process created last and has not deleted.</summary>
[Cmdlet(VerbsCommon.Get, "AcsIdentity", HelpUri = HelpPages.Folder + "Get-AcsIdentity.md")]
[OutputType(typeof(CommunicationIdentity))]
public sealed class GetAcsIdentityCommand : PSCmdlet
{
    /// <summary>Writes only the identities of the last New-AcsIdentity that created any.</summary>
    [Parameter]
    public SwitchParameter LastRun { get; set; }

    /// <summary>The connection to the resource, instead of the session's: as in the other cmdlets.</summary>
    [Parameter]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    public AcsConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        AcsConnection? connection = Connection ?? SessionConnection.Find(this);
        WriteObject(RecentIdentities.Get(connection?.Endpoint, LastRun), enumerateCollection: true);
    }
}
