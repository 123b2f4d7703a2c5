using AcsIdentity.Emulator;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Hosting;

/// <summary>Runs alone, because the heap belongs to the process.</summary>
[CollectionDefinition(nameof(StateMemoryTests), DisableParallelization = true)]
[Collection(nameof(StateMemoryTests))]
public sealed class StateMemoryTests
{
    [Fact]
    public void Million_identities_fit_in_a_gibibyte()
    {
        const int Identities = 100_000;
        const long BytesPerIdentity = (1L << 30) / 1_000_000;
        using var emulator = new IdentityEmulator();

        long state = StateMemory.Fill(emulator, Identities);

        Assert.Equal(Identities, emulator.IdentityCount);
        Assert.InRange(state, 1, Identities * BytesPerIdentity);
    }
}
