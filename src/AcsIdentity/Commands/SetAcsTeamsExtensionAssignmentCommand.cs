using System;
using System.Management.Automation;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Gives a Teams user or a Teams resource account access to the resource, for Teams Phone. Replaces the access that it has.</summary>
[Cmdlet(
    VerbsCommon.Set, "AcsTeamsExtensionAssignment",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Set-AcsTeamsExtensionAssignment.md")]
[OutputType(typeof(TeamsExtensionAssignment))]
public sealed class SetAcsTeamsExtensionAssignmentCommand : AssignmentCommand<TeamsExtensionAssignment>
{
    /// <summary>Whether the object id is that of a user or of a resource account.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateSet(TeamsExtensionAssignment.User, TeamsExtensionAssignment.ResourceAccount)]
    public string PrincipalType { get; set; } = "";

    /// <summary>The client ids of the Entra applications through which the principal has access. Without it, the assignment has no such list.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ClientIdTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public Guid[] ClientId { get; set; } = [];

    private protected override IdentityOperation Operation => IdentityOperation.SetAssignment;

    private protected override string Activity => "Giving Teams Phone access";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        // Only a value of the command line is bound yet. There, no id comes from an empty variable, and would mean any application.
        if (MyInvocation.BoundParameters.ContainsKey(nameof(ClientId)) && ClientId.Length == 0)
        {
            ThrowTerminatingError(AcsErrors.NoClientId());
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string principalType = string.Equals(PrincipalType, TeamsExtensionAssignment.User, StringComparison.OrdinalIgnoreCase)
            ? TeamsExtensionAssignment.User
            : TeamsExtensionAssignment.ResourceAccount;
        var assignment = new TeamsExtensionAssignment(TenantId, ObjectId, principalType, ClientId);
        string id = ObjectId.ToString();
        if (ShouldCall(id, tag: null, $"Give Teams Phone access ({principalType})"))
        {
            Send(id, tag: null, stopping => Service.SetAssignmentAsync(assignment, Timeout, stopping));
        }
    }

    private protected override void Write(TeamsExtensionAssignment result)
    {
        WriteVerbose($"{result.PrincipalType} {result.ObjectId} of tenant {result.TenantId} has access.");
        WriteToPipeline(result);
    }
}
