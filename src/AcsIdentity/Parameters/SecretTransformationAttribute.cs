using System;
using System.Management.Automation;
using System.Security;

namespace AcsIdentity.Parameters;

/// <summary>Accepts a secret as a SecureString and, if allowed, as a string. The error does not quote the value.</summary>
/// <remarks>Without this attribute, the error message of PowerShell would quote the secret that it cannot convert.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether a string is allowed.</summary>
    public bool AllowPlainText { get; set; }

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        ArgumentValue.Unwrap(inputData) switch
        {
            SecureString secret => secret,
            string text when AllowPlainText => Secret.FromText(text),
            // $env:NOT_SET is null. The cmdlet reports an empty secret, with its own error id.
            null when AllowPlainText => Secret.FromText(""),
            _ => throw new ArgumentTransformationMetadataException(AllowPlainText
                ? "A string or a SecureString is needed."
                : "A SecureString is needed. Get one from Get-Secret or Read-Host -AsSecureString, or create one with ConvertTo-SecureString -AsPlainText."),
        };
}
