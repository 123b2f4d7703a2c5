using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>The value of an argument as PowerShell hands it over.</summary>
internal static class ArgumentValue
{
    /// <summary>Takes a value out of the PSObject that PowerShell may have put it in.</summary>
    public static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
