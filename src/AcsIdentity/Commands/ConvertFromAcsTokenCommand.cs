using System;
using System.Management.Automation;
using System.Security;
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
            WriteObject(CommunicationTokenClaims.Read(TextOf(Token), IdentityInput.ReadTag(Token)));
        }
        catch (FormatException malformed)
        {
            WriteError(AcsErrors.InvalidToken(malformed.Message, IdentityInput.GetDisplayName(Token)));
        }
    }

    /// <summary>Finds the token: the value itself, its property Token, or its property AccessToken (an identity's).</summary>
    private static string TextOf(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        SecureString secret => Secret.ToText(secret),
        SecureCommunicationToken token => Secret.ToText(token.GetToken()),
        // A CSV file has the type name in place of a SecureString.
        string text when text != typeof(SecureString).FullName => text,
        { } holder when holder is not string && PropertyOf(value!, "Token") is { } property => TextOf(property.Value),
        { } holder when holder is not string && PropertyOf(value!, "AccessToken") is { } property => TextOf(property.Value),
        _ => throw new FormatException(
            "There is no token in the object. An identity has one only if it was created with -Scope; use Get-AcsToken to issue one. " +
            "A token that was not asked for with -AsPlainText is left out where its object is saved to a file or sent to another process."),
    };

    private static PSPropertyInfo? PropertyOf(object value, string name) => PSObject.AsPSObject(value).Properties[name];
}
