using System;
using System.Linq;
using System.Text;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Models;
using AcsIdentity.Service;
using AcsIdentity.Service.Transport;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>Ids: of the caller, of the emulator's first identities, and in the service's answer.</summary>
public sealed class IdentityIdFuzz(ITestOutputHelper output)
{
    private const string Guid = "11111111-28b9-4ae5-8f9c-1a1f3a1b2c01";

    private static readonly Gen<string> _ids = Mutation.Of($"8:acs:{Guid}_{Guid}", $"8:gcch-acs:{Guid}_{Guid}_{Guid}", $"8:orgid:{Guid}");

    [Fact]
    public void Holds() => Fuzzer.Run(output, _ids.Array[1, 3], Check, ids => string.Join(" | ", ids));

    [Fact]
    public void Answer_holds() => Fuzzer.Run(
        output,
        Gen.Select(_ids, Mutation.Any, (id, mutation) => mutation.Apply($$$"""{"x":[{"id":1}],"identity":{"id":"{{{id}}}","customId":null},"accessToken":{"token":"t","expiresOn":"never"}}""")),
        json => Expect.Documented<UnusableAnswerException>(() => CreateAnswer.RequireId(CreateAnswer.FindId(new BinaryData(Encoding.UTF8.GetBytes(json))))),
        json => json);

    private static void Check(string[] ids)
    {
        foreach (string id in ids)
        {
            bool isValid = Expect.Documented<ArgumentException>(() => AcsId.Require(id));
            Assert.Equal(AcsId.IsValid(id), isValid);
            Assert.True(!isValid || Expect.Documented<ArgumentException>(() => AcsId.RequireTokenOwner(id)));
        }

        if (Expect.Documented<ArgumentException>(() => IdentityId.RequireOneResource(ids)))
        {
            Assert.All(ids, id => Assert.True(AcsId.IsValid(id)));
            Assert.Single(ids.Select(id => id.Split('_')[0].Split(':')[2]).Distinct());
        }
    }
}
