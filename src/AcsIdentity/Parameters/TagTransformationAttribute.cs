using System;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Accepts a string, a number or a date as the tag, or an object with a property Tag.</summary>
/// <remarks>Other objects are an error: their text does not identify a user.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TagTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        ArgumentValue.Unwrap(inputData) switch
        {
            null => RequireNotEmpty(""),
            // PowerShell converts a number or date to the same text in every culture.
            IConvertible or Guid => RequireNotEmpty(LanguagePrimitives.ConvertTo<string>(inputData)),
            _ when PSObject.AsPSObject(inputData).Properties["Tag"] is { } tag => Transform(engineIntrinsics, tag.Value),
            _ => throw new ArgumentTransformationMetadataException("-Tag takes one string. Pipe several strings, or name a property of the piped objects: -Tag { $_.Upn }."),
        };

    /// <summary>Requires a tag that is not empty. Without one the caller could not match the identity to its user.</summary>
    /// <remarks>The service cannot list identities, so such an identity would be lost.</remarks>
    private static string RequireNotEmpty(string tag) =>
        string.IsNullOrWhiteSpace(tag)
            ? throw new ArgumentTransformationMetadataException("The tag is empty. To create an identity without a tag, omit -Tag.")
            : tag;
}
