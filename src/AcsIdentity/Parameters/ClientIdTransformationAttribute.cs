using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>
/// Accepts client ids as a list, or as one string with commas, as a CSV file contains them. Null and blank text stand for no
/// list: an assignment may have none. The error does not quote the value: it may be a secret, given to the wrong parameter.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ClientIdTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly char[] _separators = [',', ';', ' '];

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentValue.Unwrap(inputData);
        string?[] texts = value is IEnumerable items and not string ? items.Cast<object?>().Select(item => item?.ToString()).ToArray() : [value?.ToString()];
        string[] parts = texts.SelectMany(text => (text ?? "").Split(_separators, StringSplitOptions.RemoveEmptyEntries)).ToArray();
        return parts.Select(part => Guid.TryParse(part, out Guid id) ? id : throw new ArgumentTransformationMetadataException(
            "A client id is needed, or several: GUIDs, such as 1bfa671a-dc6b-47f3-8940-45c0f1af0fa6.")).ToArray();
    }
}
