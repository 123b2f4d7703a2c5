using System;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using AcsIdentity.Service.Quota;
using Xunit;

namespace AcsIdentity.Tests.Service;

public sealed class ResourceQuotaTests
{
    private const string Key = "c2VjcmV0";

    [Fact]
    public void Connections_to_one_endpoint_share_the_quota()
    {
        var one = ResourceQuota.Of(new Uri("https://one.communication.azure.com"), TimeProvider.System);

        Assert.Same(one, ResourceQuota.Of(new Uri("https://ONE.communication.azure.com/"), TimeProvider.System));
        Assert.NotSame(one, ResourceQuota.Of(new Uri("https://two.communication.azure.com"), TimeProvider.System));
        Assert.NotSame(one.LimiterOf(IdentityOperation.Create), one.LimiterOf(IdentityOperation.Issue));
    }

    [Fact]
    public void Reset_is_about_one_endpoint_and_keeps_its_limits()
    {
        var emulator = new Uri("http://localhost:7080/");
        var quota = ResourceQuota.Of(emulator, TimeProvider.System);
        var other = ResourceQuota.Of(new Uri("https://four.communication.azure.com"), TimeProvider.System);
        quota.Limits = new ServiceQuota { Creates = 5 };
        quota.LimiterOf(IdentityOperation.Create).ReportThrottled(TimeSpan.FromMinutes(1));
        other.LimiterOf(IdentityOperation.Create).ReportThrottled(TimeSpan.FromMinutes(1));

        new IdentityServiceFactory().ResetQuota(emulator);

        Assert.True(quota.LimiterOf(IdentityOperation.Create).ThrottleDelay <= TimeSpan.Zero);
        Assert.Equal(5, quota.Limits.Creates);
        Assert.True(other.LimiterOf(IdentityOperation.Create).ThrottleDelay > TimeSpan.Zero);
    }

    [Fact]
    public void Limits_apply_to_every_connection()
    {
        IIdentityService first = Open();
        Assert.Equal(new ServiceQuota(), first.Quota);

        first.Quota = first.Quota with { Creates = 5000 };
        IIdentityService second = Open();
        Assert.Equal(new ServiceQuota { Creates = 5000 }, second.Quota);

        second.Quota = second.Quota with { Deletes = 700 };
        Assert.Equal(new ServiceQuota { Creates = 5000, Deletes = 700 }, first.Quota);

        Open(ServiceQuota.Unlimited);
        Assert.Equal(ServiceQuota.Unlimited, first.Quota);

        static IIdentityService Open(ServiceQuota? quota = null) =>
            new IdentityServiceFactory().Create(new Uri("https://three.communication.azure.com"), new ServiceCredential.AccessKey(Secret.FromText(Key)), quota: quota);
    }
}
