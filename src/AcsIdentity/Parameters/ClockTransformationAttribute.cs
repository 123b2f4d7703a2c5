using System;
using System.Globalization;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Converts a value to a TimeSpan, as <see cref="Duration"/> reads it, or to a DateTimeOffset.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ClockTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentValue.Unwrap(inputData);
        if (value is DateTimeOffset or DateTime)
        {
            return LanguagePrimitives.ConvertTo<DateTimeOffset>(value);
        }

        try
        {
            return Duration.Read(inputData ?? "");
        }
        catch (FormatException problem)
        {
            // A text such as 1.5 has no unit; DateTimeOffset would read a date.
            return value is string text
                && !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset time)
                    ? time
                    : throw new ArgumentTransformationMetadataException(problem.Message + " It moves the clock forward; a date sets the clock.");
        }
    }
}
