using System;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Takes a tag as text or number, and refuses a whole row: its text form is of no use to anybody.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TagTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string text => text,
            IConvertible or Guid => inputData.ToString()!,
            _ => throw new ArgumentTransformationMetadataException("A tag is a text. Name the property it is in: -Tag { $_.Upn }."),
        };
}
