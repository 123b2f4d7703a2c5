using System;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Takes a GUID or its text, and refuses all else without quoting it: beside a token parameter it may be the token.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class GuidTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        Guid.TryParse(inputData?.ToString(), out Guid guid)
            ? guid
            : throw new ArgumentTransformationMetadataException("A GUID is needed, such as 2dee53b4-368b-45b4-ab52-8493fb117652.");
}
