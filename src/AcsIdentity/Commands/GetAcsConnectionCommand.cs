using System.Management.Automation;
using AcsIdentity.Connections;
using AcsIdentity.Models;
using AcsIdentity.Parameters.Completion;

namespace AcsIdentity.Commands;

/// <summary>
/// Shows the connection that the cmdlets of this session use: the one that Connect-AcsIdentity made, else the one that the
/// environment names; or connections with a name. Writes nothing if there is none.
/// </summary>
[Cmdlet(VerbsCommon.Get, "AcsConnection", HelpUri = HelpPages.Folder + "Get-AcsConnection.md")]
[OutputType(typeof(AcsConnection))]
public sealed class GetAcsConnectionCommand : PSCmdlet
{
    /// <summary>The names of the connections to show; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [SupportsWildcards]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Name is not null)
        {
            WriteObject(SessionConnection.FindNamed(this, Name), enumerateCollection: true);
        }
        else if (SessionConnection.Find(this) is { } connection)
        {
            WriteObject(connection);
        }
    }
}
