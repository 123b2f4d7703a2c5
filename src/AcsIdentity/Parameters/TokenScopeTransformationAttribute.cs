using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters;

/// <summary>
/// Takes scopes as a list or as one text with commas between, as a CSV file gives them back, and refuses those that do
/// not exist.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TokenScopeTransformationAttribute : ArgumentTransformationAttribute
{
    // No scope is longer. What is may be a token in the wrong place, and is not repeated.
    private const int LongestName = 20;

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        string[] scopes = TokenScope.Split(value is IEnumerable items and not string
            ? items.Cast<object?>().Select(item => item?.ToString())
            : [value?.ToString()]);

        string? problem = scopes.FirstOrDefault(scope => !TokenScope.Known.Contains(scope)) switch
        {
            { Length: <= LongestName } unknown => $"'{unknown}' is not a scope.",
            { } => "This is not a scope.",
            null when scopes.Length == 0 => "At least one scope is needed.",
            null => null,
        };
        return problem is null
            ? scopes
            : throw new ArgumentTransformationMetadataException($"{problem} The scopes are {string.Join(", ", TokenScope.Known)}.");
    }
}
