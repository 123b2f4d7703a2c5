using System;
using System.Management.Automation;
using System.Security;
using AcsIdentity.Errors;

namespace AcsIdentity.Commands;

/// <summary>Reads the claims of an access token without trusting them: neither signature nor revocation is checked, and nothing is sent.</summary>
[Cmdlet(VerbsData.ConvertFrom, "AcsToken")]
[OutputType(typeof(CommunicationTokenClaims))]
public sealed class ConvertFromAcsTokenCommand : PSCmdlet
{
    /// <summary>The token: an object of Get-AcsToken, an identity that was created with a token, a SecureString, or text.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public PSObject Token { get; set; } = new();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            WriteObject(CommunicationTokenClaims.Read(TextOf(Token.BaseObject)));
        }
        catch (FormatException malformed)
        {
            WriteError(AcsErrors.InvalidToken(malformed.Message));
        }
    }

    private string TextOf(object? token) => token switch
    {
        string text => text,
        SecureString secret => Secret.ToText(secret),
        SecureCommunicationToken { Token: var secret } => Secret.ToText(secret),
        PlainTextCommunicationToken { Token: var text } => text,
        CommunicationIdentity { AccessToken: { } accessToken } => TextOf(accessToken),
        CommunicationIdentity => throw new FormatException("The identity was created without a token. Use Get-AcsToken to issue one."),
        _ => Token.Properties["Token"]?.Value switch
        {
            string text => text,
            SecureString secret => Secret.ToText(secret),
            _ => throw new FormatException("The object holds no token. A token that was not asked for with -AsPlainText is left out where it is saved to a file."),
        },
    };
}
