using System.Management.Automation;
using AcsIdentity.Connections;
using AcsIdentity.Models;

namespace AcsIdentity.Commands;

/// <summary>
/// Shows the connection that the cmdlets of this session use: the one that Connect-AcsIdentity made, else the one that the
/// environment names. Writes nothing if there is none.
/// </summary>
[Cmdlet(VerbsCommon.Get, "AcsConnection", HelpUri = HelpPages.Folder + "Get-AcsConnection.md")]
[OutputType(typeof(AcsConnection))]
public sealed class GetAcsConnectionCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (SessionConnection.Find(this) is { } connection)
        {
            WriteObject(connection);
        }
    }
}
