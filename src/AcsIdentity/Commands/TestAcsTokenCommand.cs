using System;
using System.Management.Automation;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;

namespace AcsIdentity.Commands;

/// <summary>Tells whether the emulator of this process would accept an access token. The service has no such check.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AcsToken", HelpUri = HelpPages.Folder + "Test-AcsToken.md")]
[OutputType(typeof(bool), typeof(CommunicationTokenStatus))]
public sealed class TestAcsTokenCommand : PSCmdlet
{
    /// <summary>The token: an object of Get-AcsToken, an identity that was created with a token, a SecureString, or text.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NoCompleter))]
    public PSObject Token { get; set; } = new();

    /// <summary>Writes an object that tells which of the checks the token passes.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => TypedSecret.Warn(this);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (AcsEmulator.Current is not { } emulator)
        {
            ThrowTerminatingError(AcsErrors.NoEmulator());
            return;
        }

        string text;
        try
        {
            text = TokenText.Find(Token).Trim();
            if (text.Length == 0)
            {
                throw new FormatException("The token is empty.");
            }
        }
        catch (FormatException missing)
        {
            WriteError(AcsErrors.InvalidToken(missing.Message, IdentityInput.GetDisplayName(Token)));
            return;
        }

        CommunicationTokenStatus status = emulator.Test(text, IdentityInput.ReadTag(Token));
        WriteObject(Detailed ? status : status.IsActive);
    }
}
