using System;
using System.Management.Automation;
using System.Security;

namespace AcsIdentity.Parameters;

/// <summary>Takes a secret as SecureString and, where allowed, as text; refuses all else without quoting it.</summary>
/// <remarks>Without this PowerShell would put the text that it cannot convert, a secret, into its error message.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether text will do.</summary>
    public bool AllowPlainText { get; set; }

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            SecureString secret => secret,
            string text when AllowPlainText => Secret.FromText(text),
            // $env:NOT_SET. The cmdlet says that the secret is empty, by its own error id.
            null when AllowPlainText => Secret.FromText(""),
            _ => throw new ArgumentTransformationMetadataException(AllowPlainText
                ? "A string or a SecureString is needed."
                : "A SecureString is needed: take it from Get-Secret or Read-Host -AsSecureString, or make it with ConvertTo-SecureString -AsPlainText."),
        };
}
