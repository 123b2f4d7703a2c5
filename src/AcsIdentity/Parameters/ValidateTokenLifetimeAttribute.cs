using System;
using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters;

/// <summary>Refuses a lifetime that the service would refuse. Null is no lifetime: the service's default.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateTokenLifetimeAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is TimeSpan lifetime && TokenLifetime.ProblemWith(lifetime) is { } problem)
        {
            throw new ValidationMetadataException(problem);
        }
    }
}
