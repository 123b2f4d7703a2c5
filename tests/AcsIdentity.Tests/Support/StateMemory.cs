using System;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Tests.Support;

/// <summary>What an emulator's state takes of the managed heap.</summary>
internal static class StateMemory
{
    /// <summary>One identity of so many is created with a token.</summary>
    public const int IdentitiesPerToken = 10;

    /// <summary>Creates so many identities.</summary>
    /// <returns>The bytes by which the managed heap has grown. Only what nothing else in the process disturbs is exact.</returns>
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
