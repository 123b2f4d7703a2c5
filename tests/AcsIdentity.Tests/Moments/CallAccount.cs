using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Inspection;
using AcsIdentity.Ports;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Moments;

/// <summary>Compares what calls returned with what the emulator has and has logged. All runs on an emulator share one account.</summary>
internal sealed class CallAccount(IdentityEmulator emulator)
{
    private readonly Dictionary<string, MadeCall> _calls = [];
    private readonly HashSet<string> _created = [];
    private readonly HashSet<string> _maybeDeleted = [];

    public void Add(MadeCall call)
    {
        _calls.Add(call.RequestId, call);
        if (call.Created is { } id)
        {
            Assert.True(_created.Add(id), $"Two calls returned {id}.");
        }
    }

    /// <summary>Notes that a call was made to delete an identity.</summary>
    public void AddDeletion(string id) => _maybeDeleted.Add(id);

    /// <summary>Checks that each identity of the emulator is accounted for, and that no returned identity is missing.</summary>
    public async Task CheckAsync()
    {
        // A delayed create may come after its call has ended, and is then in one of the lists only for a moment.
        await Eventually.HoldsAsync(() => Identities().Count == Logged(ServiceOperation.Create, 201).Count() - Logged(ServiceOperation.Delete, 204).Count());

        ILookup<string, LoggedRequest> creates = Logged(ServiceOperation.Create, 201).ToLookup(request => request.RequestId!);
        foreach (IGrouping<string, LoggedRequest> create in creates)
        {
            MadeCall call = _calls[create.Key];
            Assert.True(call.Created is not null || call.Failure == FailureKind.OutcomeUnknown, $"An identity was created, and the call ended so: {call}");
            Assert.True(create.Count() == 1 || call.MayBeRepeated, $"The emulator carried out {create.Count()} creates for {call}");
        }

        HashSet<string> identities = Identities();
        foreach (MadeCall call in _calls.Values.Where(call => call.Created is not null))
        {
            Assert.True(creates.Contains(call.RequestId), $"The emulator has carried out no create for {call}");
            Assert.True(identities.Contains(call.Created!) || _maybeDeleted.Contains(call.Created!), $"The emulator has no such identity: {call}");
        }
    }

    public HashSet<string> Identities() =>
        Read("/emulator/identities").GetProperty("newest").EnumerateArray().Select(identity => identity.GetProperty("id").GetString()!).ToHashSet();

    public bool HasAssignment(Guid objectId) =>
        Read("/emulator/assignments").GetProperty("assignments").EnumerateArray().Any(assignment => assignment.GetProperty("objectId").GetGuid() == objectId);

    private JsonElement Read(string path)
    {
        EmulatorResponse response = emulator.Handle(new EmulatorRequest
        {
            Method = "GET",
            RawTarget = path,
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Host"] = "localhost" },
        });
        return JsonDocument.Parse(response.Body).RootElement;
    }

    private IEnumerable<LoggedRequest> Logged(ServiceOperation operation, int status) =>
        emulator.Requests.Where(request => request.Operation == operation && request.Status == status);
}
