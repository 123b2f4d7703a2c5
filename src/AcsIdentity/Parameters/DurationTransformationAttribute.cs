using System;
using System.Globalization;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Takes a time span longer than nothing, or its text.</summary>
/// <remarks>A bare number is refused: PowerShell would take 1 for one tick, and '1' for one day.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>What is taken, for messages.</summary>
    public const string Needed = "a time span longer than 0 and at most 1 day, such as '00:00:00.5' for half a second";

    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    public static TimeSpan? Read(object? value)
    {
        TimeSpan? duration = (value is PSObject wrapped ? wrapped.BaseObject : value) switch
        {
            TimeSpan given => given,
            string text when !IsNumber(text) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan parsed) => parsed,
            _ => null,
        };
        return duration > TimeSpan.Zero && duration <= _longest ? duration : null;
    }

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        Read(inputData) ?? throw new ArgumentTransformationMetadataException($"What is needed is {Needed}.");

    private static bool IsNumber(string text) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _);
}
