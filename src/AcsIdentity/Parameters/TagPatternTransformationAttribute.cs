using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Accepts tags as strings, numbers or dates. The text of another object is not a tag.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TagPatternTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        ArgumentValue.Unwrap(inputData) is IEnumerable items and not string
            ? items.Cast<object?>().Select(ReadTag).ToArray()
            : new[] { ReadTag(inputData) };

    private static string ReadTag(object? value)
    {
        const string Problem = "-Tag takes strings. Pipe strings, or name a property of the piped objects: -Tag { $_.Upn }.";
        return ArgumentValue.Unwrap(value) switch
        {
            null => "",
            IConvertible or Guid => LanguagePrimitives.ConvertTo<string>(value),
            // After this inner exception, PowerShell tries the properties of a piped object.
            _ => throw new ArgumentTransformationMetadataException(Problem, new PSInvalidCastException(Problem)),
        };
    }
}
