using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Takes scopes as a list or as one text with commas between, as a CSV file gives them back.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TokenScopeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return TokenScope.Split(value switch
        {
            string text => [text],
            IEnumerable items => TextsOf(items),
            _ => [value?.ToString()],
        });
    }

    private static IEnumerable<string?> TextsOf(IEnumerable items)
    {
        foreach (object? item in items)
        {
            yield return item?.ToString();
        }
    }
}
