using System;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Takes a tag as text or number, or from an object's property Tag. Any other object is refused: its text form is of no use to anybody.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TagTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            null => Demand(""),
            // PowerShell's text of a number or date, which is the same in every culture.
            IConvertible or Guid => Demand(LanguagePrimitives.ConvertTo<string>(inputData)),
            _ when PSObject.AsPSObject(inputData).Properties["Tag"] is { } tag => Transform(engineIntrinsics, tag.Value),
            _ => throw new ArgumentTransformationMetadataException("A tag is one text. Pipe several; of objects name the property: -Tag { $_.Upn }."),
        };

    /// <summary>An identity that nobody can match to its user is lost: the service lists none.</summary>
    private static string Demand(string tag) =>
        string.IsNullOrWhiteSpace(tag)
            ? throw new ArgumentTransformationMetadataException("The tag is empty. Leave it out to create an identity without one.")
            : tag;
}
