using System;
using System.Management.Automation;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;

namespace AcsIdentity.Commands;

/// <summary>Reads the claims of an access token without checking its signature or revocation. Sends nothing.</summary>
[Cmdlet(VerbsData.ConvertFrom, "AcsToken", HelpUri = HelpPages.Folder + "ConvertFrom-AcsToken.md")]
[OutputType(typeof(CommunicationTokenClaims))]
public sealed class ConvertFromAcsTokenCommand : PSCmdlet
{
    /// <summary>The token: an object of Get-AcsToken, an identity that was created with a token, a SecureString, or text.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NoCompleter))]
    public PSObject Token { get; set; } = new();

    /// <inheritdoc/>
    protected override void BeginProcessing() => TypedSecret.Warn(this);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            WriteObject(CommunicationTokenClaims.Read(TokenText.Find(Token), IdentityInput.ReadTag(Token)));
        }
        catch (FormatException malformed)
        {
            WriteError(AcsErrors.InvalidToken(malformed.Message, IdentityInput.GetDisplayName(Token)));
        }
    }
}
