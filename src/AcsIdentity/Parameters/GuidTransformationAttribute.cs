using System;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Accepts a GUID or its text only. The error does not quote the value: it may be a token, given to the wrong parameter.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class GuidTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        Guid.TryParse(inputData?.ToString(), out Guid guid)
            ? guid
            : throw new ArgumentTransformationMetadataException("A GUID is needed, such as 2dee53b4-368b-45b4-ab52-8493fb117652.");
}
