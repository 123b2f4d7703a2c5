using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Faults;

/// <summary>The calls that a fault applies to, and the effect on their responses.</summary>
public sealed class FaultPlanTests : IDisposable
{
    private readonly IdentityEmulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData(5)]
    [InlineData(null)]
    public void Status_fault_returns_the_status_and_performs_nothing(int? retryAfter)
    {
        _emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 503, RetryAfter = retryAfter, Next = 1 });

        EmulatorResponse refused = Create();

        Assert.Equal((503, Delivery.Whole), (refused.Status, refused.Delivery));
        Assert.Equal(retryAfter?.ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Headers.GetValueOrDefault("Retry-After"));
        Assert.Equal(
            """{"error":{"code":"PlannedFault","message":"The emulator was told to return this error."}}""", JsonDocument.Parse(refused.Body).RootElement.GetRawText());
        Assert.Equal(0, _emulator.IdentityCount);
        Assert.Equal(201, Create().Status);
    }

    [Theory]
    [InlineData(FaultKind.Drop, Delivery.None, 0)]
    [InlineData(FaultKind.LoseAnswer, Delivery.None, 1)]
    [InlineData(FaultKind.CutAnswer, Delivery.Half, 1)]
    [InlineData(FaultKind.Late, Delivery.Whole, 1)]
    public void Connection_fault_is_delayed_and_the_operation_performed_or_not(FaultKind kind, Delivery delivery, int identities)
    {
        _emulator.Faults.Add(new Fault { Kind = kind, Delay = TimeSpan.FromSeconds(3), Next = 1 });

        EmulatorResponse answer = Create();

        Assert.Equal((delivery, TimeSpan.FromSeconds(3)), (answer.Delivery, answer.Delay));
        Assert.Equal(identities, _emulator.IdentityCount);
    }

    [Theory]
    [InlineData(FaultKind.TruncatedBody)]
    [InlineData(FaultKind.MalformedBody)]
    public void Body_fault_returns_invalid_json(FaultKind kind)
    {
        _emulator.Faults.Add(new Fault { Kind = kind, Next = 1 });

        EmulatorResponse answer = Create();

        Assert.Equal(201, answer.Status);
        Assert.NotEmpty(answer.Body);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(answer.Body));
        Assert.Equal(1, _emulator.IdentityCount);
    }

    [Fact]
    public void Next_applies_to_that_many_calls()
    {
        _emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 500, Next = 3 });

        Assert.Equal([500, 500, 500, 201, 201], Statuses(5));
        Assert.Equal(3, Assert.Single(_emulator.Faults.Faults).Hits);
    }

    [Fact]
    public void Every_applies_to_each_nth_call()
    {
        _emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 500, Every = 3 });

        Assert.Equal([201, 201, 500, 201, 201, 500, 201], Statuses(7));
    }

    [Fact]
    public void Probability_applies_to_about_its_share_and_to_the_same_calls_for_the_same_seed()
    {
        int[] Run(int seed)
        {
            _emulator.Faults.Clear();
            _emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 500, Probability = 0.25, Seed = seed });
            return Statuses(400);
        }

        int[] first = Run(7);
        Assert.Equal(first, Run(7));
        Assert.NotEqual(first, Run(8));
        Assert.InRange(first.Count(status => status == 500), 60, 140);
    }

    [Theory]
    [InlineData(0.0, 201)]
    [InlineData(1.0, 500)]
    public void Probability_of_0_and_1_is_exact(double probability, int expected)
    {
        _emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 500, Probability = probability });

        Assert.All(Statuses(50), status => Assert.Equal(expected, status));
    }

    [Fact]
    public void Fault_applies_to_its_operation_only()
    {
        _emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 500, Operation = ServiceOperation.Delete, Every = 1 });

        Assert.Equal(201, Create().Status);
        Assert.Equal(500, Send("DELETE", "/identities/x").Status);
    }

    [Fact]
    public void First_matching_fault_applies_and_every_fault_counts_every_call()
    {
        _emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 500, Every = 2 });
        _emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 503, Every = 3 });

        Assert.Equal([201, 500, 503, 500, 201, 500], Statuses(6));
        _emulator.Faults.Clear();
        Assert.Equal([201, 201], Statuses(2));
    }

    [Fact]
    public void Forged_requests_are_not_counted_by_faults()
    {
        _emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 500, Next = 1 });

        Assert.Equal(401, _emulator.Handle(Request("POST", "/identities").With(("Authorization", null))).Status);
        Assert.Equal(500, Create().Status);
    }

    [Fact]
    public void Truncated_body_is_the_first_half()
    {
        EmulatorResponse whole = new() { Status = 200, Body = [1, 2, 3, 4, 5] };

        Assert.Equal([1, 2], whole.With(new Fault { Kind = FaultKind.TruncatedBody, Next = 1 }).Body);
    }

    [Theory]
    [InlineData(FaultKind.TruncatedBody)]
    [InlineData(FaultKind.MalformedBody)]
    public void Body_fault_does_not_change_a_response_without_a_body(FaultKind kind)
    {
        EmulatorResponse answer = new EmulatorResponse { Status = 204 }.With(new Fault { Kind = kind, Next = 1 });

        Assert.Equal((204, Delivery.Whole), (answer.Status, answer.Delivery));
        Assert.Empty(answer.Body);
    }

    public static TheoryData<Fault, string> Contradictions() => new()
    {
        { new Fault { Kind = FaultKind.Drop }, "Exactly one of next, every and probability is required." },
        { new Fault { Kind = FaultKind.Drop, Next = 1, Every = 1 }, "Exactly one of next, every and probability is required." },
        { new Fault { Kind = FaultKind.Drop, Next = 1, Probability = 1 }, "Exactly one of next, every and probability is required." },
        { new Fault { Kind = FaultKind.Drop, Next = 1, Every = 1, Probability = 1 }, "Exactly one of next, every and probability is required." },
        { new Fault { Kind = FaultKind.Drop, Next = 0 }, "next and every must be at least 1." },
        { new Fault { Kind = FaultKind.Drop, Every = 0 }, "next and every must be at least 1." },
        { new Fault { Kind = FaultKind.Drop, Probability = -0.1 }, "probability must be between 0 and 1." },
        { new Fault { Kind = FaultKind.Drop, Probability = 1.1 }, "probability must be between 0 and 1." },
        { new Fault { Kind = FaultKind.Drop, Probability = double.NaN }, "probability must be between 0 and 1." },
        { new Fault { Kind = FaultKind.Drop, Next = 1, Status = 500 }, "status is allowed with kind status only." },
        { new Fault { Kind = FaultKind.Drop, Next = 1, RetryAfter = 1 }, "retryAfter is allowed with kind status only." },
        { new Fault { Kind = FaultKind.Drop, Next = 1, Delay = TimeSpan.FromTicks(-1) }, "delay must not be negative." },
        { new Fault { Kind = FaultKind.Status, Next = 1 }, "status must be between 400 and 599." },
        { new Fault { Kind = FaultKind.Status, Next = 1, Status = 399 }, "status must be between 400 and 599." },
        { new Fault { Kind = FaultKind.Status, Next = 1, Status = 600 }, "status must be between 400 and 599." },
        { new Fault { Kind = FaultKind.Status, Next = 1, Status = 503, RetryAfter = -1 }, "retryAfter must not be negative." },
        { new Fault { Kind = FaultKind.Late, Next = 1 }, "kind late requires a delay." },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Fault_that_contradicts_itself_is_refused(Fault fault, string problem)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => _emulator.Faults.Add(fault));

        Assert.StartsWith(problem, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_emulator.Faults.Faults);
    }

    public static TheoryData<Fault> Limits() =>
    [
        new Fault { Kind = FaultKind.Status, Status = 400, Next = 1 },
        new Fault { Kind = FaultKind.Status, Status = 599, RetryAfter = 0, Every = 1 },
        new Fault { Kind = FaultKind.Late, Delay = TimeSpan.FromTicks(1), Probability = 0 },
        new Fault { Kind = FaultKind.Drop, Probability = 1 },
    ];

    [Theory]
    [MemberData(nameof(Limits))]
    public void Fault_at_the_limits_is_accepted(Fault fault)
    {
        _emulator.Faults.Add(fault);

        Assert.Same(fault, Assert.Single(_emulator.Faults.Faults).Fault);
    }

    [Fact]
    public void Replace_changes_all_or_nothing()
    {
        _emulator.Faults.Add(new Fault { Kind = FaultKind.Drop, Every = 1 });
        Assert.Throws<ArgumentException>(() => _emulator.Faults.Replace([new Fault { Kind = FaultKind.CutAnswer, Every = 1 }, new Fault { Kind = FaultKind.Late, Next = 1 }]));
        Assert.Equal(FaultKind.Drop, Assert.Single(_emulator.Faults.Faults).Fault.Kind);

        _emulator.Faults.Replace([new Fault { Kind = FaultKind.CutAnswer, Every = 1 }]);
        Assert.Equal(FaultKind.CutAnswer, Assert.Single(_emulator.Faults.Faults).Fault.Kind);
    }

    [Fact]
    public void Faults_of_the_options_apply_to_the_first_call()
    {
        using var emulator = new IdentityEmulator(
            new EmulatorOptions { AccessKey = _emulator.AccessKey, Faults = [new Fault { Kind = FaultKind.Status, Status = 503, Next = 1 }] });

        Assert.Equal(503, emulator.Handle(Request("POST", "/identities")).Status);
    }

    private int[] Statuses(int calls) => Enumerable.Range(0, calls).Select(_ => Create().Status).ToArray();

    private EmulatorResponse Create() => Send("POST", "/identities");

    private EmulatorResponse Send(string method, string path) => _emulator.Handle(Request(method, path));

    private EmulatorRequest Request(string method, string path) =>
        SignedRequest.Create(_emulator.AccessKey, method, path + "?api-version=2023-10-01");
}
