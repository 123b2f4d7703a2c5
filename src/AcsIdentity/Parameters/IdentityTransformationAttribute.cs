using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters;

/// <summary>Refuses a scope in place of an identity, as in <c>$identity | Get-AcsToken chat</c>: the error of PowerShell would not name -Scope.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IdentityTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentValue.Unwrap(inputData);
        object? first = value is IList list ? ArgumentValue.Unwrap(list.Cast<object?>().FirstOrDefault()) : value;
        // Only text: making a text of each piped object would be work for nothing.
        return first is string text && TokenScope.Known.Contains(text)
            ? throw new ArgumentTransformationMetadataException($"'{text}' is a scope, not an identity. Name the parameter: -Scope {text}.")
            : inputData;
    }
}
