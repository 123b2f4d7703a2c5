using System;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace AcsIdentity.Parameters;

/// <summary>Accepts the name of a connection. The error does not quote the value: it may be a connection string.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateConnectionNameAttribute : ValidateArgumentsAttribute
{
    private static readonly Regex _name = new(@"\A[\w.-]+\z", RegexOptions.CultureInvariant);

    /// <summary>Tells a name from a connection string, which always has other characters.</summary>
    public static bool IsValid(string text) => _name.IsMatch(text);

    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (!IsValid(arguments as string ?? ""))
        {
            throw new ValidationMetadataException("A name has letters, digits, '.', '-' and '_' only, such as prod.");
        }
    }
}
