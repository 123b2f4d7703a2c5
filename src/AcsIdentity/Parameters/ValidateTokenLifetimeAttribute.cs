using System;
using System.Management.Automation;

namespace AcsIdentity.Parameters;

/// <summary>Refuses a lifetime that the service would refuse.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateTokenLifetimeAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (TokenLifetime.ProblemWith((TimeSpan)arguments) is { } problem)
        {
            throw new ValidationMetadataException(problem);
        }
    }
}
