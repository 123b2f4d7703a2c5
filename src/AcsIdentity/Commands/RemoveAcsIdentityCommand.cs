using System.Management.Automation;

namespace AcsIdentity.Commands;

/// <summary>Deletes an identity and all that hangs on it; its tokens are revoked.</summary>
[Cmdlet(VerbsCommon.Remove, "AcsIdentity", DefaultParameterSetName = IdentitySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveAcsIdentityCommand : IdentityCommand
{
    /// <summary>Deletes without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void ProcessIdentity(string id, PSObject input)
    {
        if (MayDelete(id))
        {
            WriteVerbose($"Deleting {id}.");
            TryCall((service, stopping) => service.DeleteAsync(id, stopping), id);
        }
    }

    /// <summary>-Force answers the question that ConfirmImpact High asks, but neither -WhatIf nor an explicit -Confirm.</summary>
    private bool MayDelete(string id)
    {
        bool asksForConfirm = MyInvocation.BoundParameters.TryGetValue("Confirm", out object? confirm) && LanguagePrimitives.IsTrue(confirm);
        bool isWhatIf = MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? whatIf)
            ? LanguagePrimitives.IsTrue(whatIf)
            : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));
        return (Force && !asksForConfirm && !isWhatIf) || ShouldProcess(id, "Delete identity");
    }
}
