using System;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Tests.Support;

/// <summary>Measures how much managed heap an emulator's state needs.</summary>
internal static class StateMemory
{
    /// <summary>One in this many identities is created with a token.</summary>
    public const int IdentitiesPerToken = 10;

    /// <summary>Creates a number of identities.</summary>
    /// <returns>The growth of the managed heap in bytes. Exact only if nothing else in the process allocates.</returns>
    public static long Fill(IdentityEmulator emulator, int identities)
    {
        const string Target = "/identities?api-version=2023-10-01";
        EmulatorRequest create = SignedRequest.Create(emulator.AccessKey, "POST", Target);
        EmulatorRequest createWithToken = SignedRequest.Create(emulator.AccessKey, "POST", Target, """{"createTokenWithScopes":["chat"]}""");

        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < identities; i++)
        {
            emulator.Handle(i % IdentitiesPerToken == 0 ? createWithToken : create);
        }

        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }
}
