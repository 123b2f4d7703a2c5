using System;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Takes a duration, as <see cref="Duration"/> reads it. Null is no duration.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the duration has to be longer than nothing and at most a day.</summary>
    public bool WithinDay { get; set; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        try
        {
            return inputData is null ? null
                : WithinDay ? Duration.ReadWithinDay(inputData)
                : Duration.Read(inputData);
        }
        catch (FormatException problem)
        {
            throw new ArgumentTransformationMetadataException(problem.Message);
        }
    }
}
