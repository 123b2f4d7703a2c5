using System;
using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters;

/// <summary>Rejects a lifetime that the service would reject. Null is valid and means the default of the service.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateTokenLifetimeAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is TimeSpan lifetime && TokenLifetime.Validate(lifetime) is { } problem)
        {
            throw new ValidationMetadataException(problem);
        }
    }
}
