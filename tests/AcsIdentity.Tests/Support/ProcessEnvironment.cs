using Xunit;

namespace AcsIdentity.Tests.Support;

/// <summary>Runs alone, because environment variables belong to the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessEnvironment
{
    public const string Name = "environment";
}
