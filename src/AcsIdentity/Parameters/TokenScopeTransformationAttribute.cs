using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using AcsIdentity.Models;
using AcsIdentity.Shared;

namespace AcsIdentity.Parameters;

/// <summary>Accepts scopes as a list, or as one string with commas, as a CSV file contains them. An unknown scope is an error.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TokenScopeTransformationAttribute : ArgumentTransformationAttribute
{
    // No scope is longer. A longer value may be a token, given to the wrong parameter, so the error does not quote it.
    private const int MaximumLength = 20;

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentValue.Unwrap(inputData);
        string[] scopes = TokenScope.Split(value is IEnumerable items and not string
            ? items.Cast<object?>().Select(item => item?.ToString())
            : [value?.ToString()]);

        string? problem = scopes.FirstOrDefault(scope => !TokenScope.Known.Contains(scope)) switch
        {
            { Length: <= MaximumLength } unknown => $"'{VisibleText.Of(unknown)}' is not a scope.",
            { } => "The value is not a scope.",
            null when scopes.Length == 0 => "At least one scope is needed.",
            null => null,
        };
        return problem is null
            ? scopes
            : throw new ArgumentTransformationMetadataException($"{problem} The scopes are {string.Join(", ", TokenScope.Known)}." +
                // An identity of the ledger without a token, or the token of a Teams user, piped to renew it.
                (scopes.Length == 0 ? " If the piped object has none, use -Scope. The token of a Teams user has none: exchange the user's Entra token again, with Get-AcsToken -TeamsUserToken." : ""));
    }
}
