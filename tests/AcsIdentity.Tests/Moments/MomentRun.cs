using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Models;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using AcsIdentity.Service.Retries;
using AcsIdentity.Service.Transport;
using AcsIdentity.Tests.Service;
using AcsIdentity.Tests.Support;
using Azure.Core.Pipeline;
using Xunit;

namespace AcsIdentity.Tests.Moments;

/// <summary>The result of a run.</summary>
/// <param name="Disturbance">What the proxy did.</param>
/// <param name="HasHappened">Whether it happened.</param>
/// <param name="Disturbed">The call that was disturbed.</param>
/// <param name="Later">The calls after it.</param>
internal sealed record MomentResult(Disturbance Disturbance, bool HasHappened, MadeCall Disturbed, IReadOnlyList<MadeCall> Later);

/// <summary>One run, which depends on its seed only: a call through a proxy that disturbs it, and calls after it on the same connections.</summary>
internal sealed class MomentRun(EmulatorHost host, CallAccount account, HostileProxy proxy)
{
    private const int LaterCalls = 3;

    /// <summary>A time limit that no call reaches: each has four attempts at most.</summary>
    private static readonly TimeSpan _hang = TimeSpan.FromMinutes(3);

    /// <summary>The failures that a disturbed connection can cause.</summary>
    private static readonly FailureKind[] _failures =
    [
        FailureKind.Service, FailureKind.Authentication, FailureKind.InvalidRequest, FailureKind.Timeout, FailureKind.Connection, FailureKind.OutcomeUnknown,
    ];

    private readonly List<MadeCall> _calls = [];
    private Disturbance? _disturbance;

    /// <summary>Makes the calls, and checks each result.</summary>
    public static async Task<MomentResult> RunAsync(int seed, EmulatorHost host, HostKind kind, CallAccount account)
    {
        await using var proxy = new HostileProxy(host.Endpoint);
        var run = new MomentRun(host, account, proxy);
        try
        {
            return await run.RunAsync(new Random(seed), proxy.Endpoint);
        }
        catch (Exception problem)
        {
            throw new InvalidOperationException($"{kind}, {run._disturbance}", problem);
        }
    }

    private async Task<MomentResult> RunAsync(Random random, Uri endpoint)
    {
        using var transport = (HttpClientTransport)ServiceTransport.Create(TimeSpan.FromSeconds(30));
        using var otherTransport = (HttpClientTransport)ServiceTransport.Create(TimeSpan.FromSeconds(30));
        CallKind kind = Disturbance.Pick<CallKind>(random);

        // The disturbed call is on a new connection or on a kept one. The same call before it shows how long the messages are.
        IIdentityService before = ServiceOf(endpoint, random.Next(2) == 0 ? transport : otherTransport, TimeSpan.FromSeconds(30));
        Target[] targets = [(await PrepareAsync(before, kind))!, (await PrepareAsync(before, kind))!];
        int[] bytes = [.. Enum.GetValues<Direction>().Select(proxy.BytesOf)];
        await CallAsync(before, kind, targets[0]);
        Assert.All(_calls, call => Assert.Null(call.Failure));

        // A repeated part of an answer can promise bytes that never come. Then the time limit ends the wait.
        IIdentityService service = ServiceOf(endpoint, transport, TimeSpan.FromSeconds(5));
        _disturbance = Disturbance.Create(random, direction => proxy.BytesOf(direction) - bytes[(int)direction]);
        proxy.Disturbance = _disturbance;
        bool isSlow = _disturbance.Kind is DisturbanceKind.Delay or DisturbanceKind.Trickle;
        MadeCall disturbed = await CallAsync(isSlow ? ServiceOf(endpoint, transport, TimeSpan.FromMilliseconds(200)) : service, kind, targets[1]);
        proxy.Disturbance = null;

        int first = _calls.Count;
        for (int i = 0; i < LaterCalls; i++)
        {
            CallKind later = Disturbance.Pick<CallKind>(random);
            if (await PrepareAsync(service, later) is { } target)
            {
                await CallAsync(service, later, target);
            }
        }

        Assert.All(_calls, call => Assert.InRange(proxy.RequestIds.Count(id => id == call.RequestId), 0, call.IsCreate ? 1 : 4));
        await account.CheckAsync();
        return new MomentResult(_disturbance, proxy.Disturbed > 0, disturbed, _calls[first..]);
    }

    private IIdentityService ServiceOf(Uri endpoint, HttpPipelineTransport transport, TimeSpan attemptTimeout) => IdentityServiceFactory.Create(
        endpoint,
        new ServiceCredential.AccessKey(Secret.FromText(host.Emulator.AccessKey)),
        new EntraSettings(),
        ServiceQuota.Unlimited,
        new IdentityRetryPolicy(new NoDelay()),
        attemptTimeout,
        transport,
        TimeProvider.System);

    /// <summary>Makes what a call needs: an identity with a token, or an assignment.</summary>
    /// <returns>Null if that failed.</returns>
    private async Task<Target?> PrepareAsync(IIdentityService service, CallKind kind)
    {
        var target = new Target();
        MadeCall? made = kind switch
        {
            CallKind.Issue or CallKind.Revoke or CallKind.Delete => await CallAsync(service, CallKind.CreateWithToken, target),
            CallKind.GetAssignment or CallKind.RemoveAssignment => await CallAsync(service, CallKind.SetAssignment, target),
            _ => null,
        };
        return made?.Failure is null ? target : null;
    }

    private async Task<MadeCall> CallAsync(IIdentityService service, CallKind kind, Target target)
    {
        bool mayBeRepeated = proxy.Disturbance?.RepeatsRequest == true;
        AcsServiceException? failure = null;
        string? created = null;
        try
        {
            created = await SendAsync(service, kind, target).WaitAsync(_hang);
        }
        catch (AcsServiceException error)
        {
            Assert.Contains(error.Kind, _failures);
            failure = error;
        }

        // A call that succeeded has sent the only new id.
        string requestId = failure?.RequestId ?? Assert.Single(proxy.RequestIds.Distinct().Except(_calls.Select(made => made.RequestId)));
        bool lacksToken = kind == CallKind.CreateWithToken && failure is null && target.Token is null;
        var call = new MadeCall(kind, requestId, failure?.Kind, created, lacksToken, mayBeRepeated);
        account.Add(call);
        _calls.Add(call);
        return call;
    }

    /// <summary>Makes a call, and checks that the answer is the one to this call.</summary>
    /// <returns>The id of the identity that was created; null if none was.</returns>
    private async Task<string?> SendAsync(IIdentityService service, CallKind kind, Target target)
    {
        switch (kind)
        {
            case CallKind.Create:
                CreatedIdentity identity = await service.CreateAsync([], null, TestService.Minute, CancellationToken.None);
                Assert.Null(identity.Token);
                return identity.Id;

            case CallKind.CreateWithToken:
                CreatedIdentity created = await service.CreateAsync(["chat"], null, TestService.Minute, CancellationToken.None);
                target.Id = created.Id;
                // A broken answer may have cost the token, but not the id.
                if (created.Token is { } token)
                {
                    AssertIsOf(created.Id, token);
                    target.Token = Secret.ToText(token.Token);
                }

                return created.Id;

            case CallKind.Issue:
                AssertIsOf(target.Id!, await service.IssueTokenAsync(target.Id!, ["voip"], null, TestService.Minute, CancellationToken.None));
                return null;

            case CallKind.Revoke:
                await service.RevokeTokensAsync(target.Id!, TestService.Minute, CancellationToken.None);
                Assert.True(target.Token is null || host.Emulator.Introspect(target.Token).IsRevoked, "The token is not revoked.");
                return null;

            case CallKind.Delete:
                account.AddDeletion(target.Id!);
                await service.DeleteAsync(target.Id!, TestService.Minute, CancellationToken.None);
                Assert.False(account.Identities().Contains(target.Id!), "The identity is still there.");
                return null;

            case CallKind.Exchange:
                long expiry = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
                string entraToken = Jwt.Unsigned(string.Create(CultureInfo.InvariantCulture, $$"""{"exp":{{expiry}},"appid":"{{target.Tenant}}","oid":"{{target.Object}}"}"""));
                AssertIsOf(
                    $"orgid:{target.Object}",
                    await service.ExchangeTeamsTokenAsync(Secret.FromText(entraToken), target.Tenant, target.Object, TestService.Minute, CancellationToken.None));
                return null;

            case CallKind.SetAssignment:
                var assignment = new TeamsExtensionAssignment(target.Tenant, target.Object, TeamsExtensionAssignment.User);
                Assert.Equal(assignment, await service.SetAssignmentAsync(assignment, TestService.Minute, CancellationToken.None));
                Assert.True(account.HasAssignment(target.Object), "There is no assignment.");
                return null;

            case CallKind.GetAssignment:
                TeamsExtensionAssignment read = await service.GetAssignmentAsync(target.Tenant, target.Object, TestService.Minute, CancellationToken.None);
                Assert.Equal((target.Tenant, target.Object), (read.TenantId, read.ObjectId));
                return null;

            case CallKind.RemoveAssignment:
                await service.RemoveAssignmentAsync(target.Tenant, target.Object, TestService.Minute, CancellationToken.None);
                Assert.False(account.HasAssignment(target.Object), "The assignment is still there.");
                return null;

            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    private void AssertIsOf(string id, IssuedToken issued)
    {
        string token = Secret.ToText(issued.Token);
        Assert.True(host.Emulator.Introspect(token).IsSigned, "The emulator has not issued this token.");
        Assert.Equal(id.Replace("8:", "", StringComparison.Ordinal), Jwt.Claims(token).GetProperty("skypeid").GetString());
    }

    /// <summary>What a call is about.</summary>
    private sealed class Target
    {
        public string? Id { get; set; }

        public string? Token { get; set; }

        public Guid Tenant { get; } = Guid.NewGuid();

        public Guid Object { get; } = Guid.NewGuid();
    }
}
