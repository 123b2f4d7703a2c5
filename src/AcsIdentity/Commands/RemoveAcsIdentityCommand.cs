using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Calls;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Deletes an identity, its tokens and its data.</summary>
[Cmdlet(
    VerbsCommon.Remove, "AcsIdentity",
    DefaultParameterSetName = IdentitySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    HelpUri = HelpPages.Folder + "Remove-AcsIdentity.md")]
public sealed class RemoveAcsIdentityCommand : IdentityCommand<string>
{
    /// <summary>Deletes without confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override IdentityOperation Operation => IdentityOperation.Delete;

    private protected override string Activity => "Deleting identities";

    private protected override void ProcessIdentity(string id, PSObject input, ICreated? created)
    {
        string? tag = IdentityInput.ReadTag(input);
        if (MayDelete(id, tag))
        {
            Send(id, tag, DeleteAsync, created);
        }

        async Task<string> DeleteAsync(CancellationToken stopping)
        {
            await Service.DeleteAsync(id, Timeout, stopping).ConfigureAwait(false);
            return id;
        }
    }

    private protected override bool LeavesIdentity(Task<string> call) => call.Status != TaskStatus.RanToCompletion;

    private protected override void Write(string result)
    {
        WriteVerbose($"{result} is deleted.");
        Complete();
    }

    /// <summary>-Force skips the confirmation of ConfirmImpact High, but not -WhatIf and an explicit -Confirm.</summary>
    private bool MayDelete(string id, string? tag)
    {
        bool asksForConfirm = MyInvocation.BoundParameters.TryGetValue("Confirm", out object? confirm) && LanguagePrimitives.IsTrue(confirm);
        bool isWhatIf = MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? whatIf)
            ? LanguagePrimitives.IsTrue(whatIf)
            : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));
        return (Force && !asksForConfirm && !isWhatIf) || ShouldCall(id, tag, "Delete identity");
    }
}
