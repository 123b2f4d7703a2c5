using System;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Converts a value to a TimeSpan, as <see cref="Duration"/> reads it. Null stays null.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the duration must be longer than 0 and at most 1 day.</summary>
    public bool WithinDay { get; set; }

    /// <summary>Whether a blank text, such as an empty cell of a CSV file, counts as not given.</summary>
    public bool AllowBlank { get; set; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        try
        {
            return inputData is null || (AllowBlank && IsBlank(inputData)) ? null
                : WithinDay ? Duration.ReadWithinDay(inputData)
                : Duration.Read(inputData);
        }
        catch (FormatException problem)
        {
            throw new ArgumentTransformationMetadataException(problem.Message);
        }
    }

    private static bool IsBlank(object value) => ArgumentValue.Unwrap(value) is string text && string.IsNullOrWhiteSpace(text);
}
