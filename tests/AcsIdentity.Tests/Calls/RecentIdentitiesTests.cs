using System;
using System.Linq;
using AcsIdentity.Calls;
using AcsIdentity.Models;
using Xunit;

namespace AcsIdentity.Tests.Calls;

/// <summary>The list is shared by the process, so each test has an endpoint of its own.</summary>
public sealed class RecentIdentitiesTests
{
    private readonly Uri _endpoint = new($"https://{Guid.NewGuid()}/");

    [Fact]
    public void Identities_come_in_the_order_of_their_creation_without_the_deleted_ones()
    {
        Add("a", new CreationRun());
        Add("b", new CreationRun());
        Add("c", new CreationRun());
        RecentIdentities.Remove(_endpoint, "b");
        RecentIdentities.Remove(_endpoint, "not there");

        Assert.Equal(["a", "c"], Ids(lastRunOnly: false));
    }

    [Fact]
    public void Last_run_is_that_of_the_newest_identity_of_the_resource()
    {
        var last = new CreationRun();
        Add("a", new CreationRun());
        Add("b", last);
        Add("c", last);
        RecentIdentities.Add(new Uri("https://other/"), new CommunicationIdentity("d", null, null, new CreationRun()));

        Assert.Equal(["b", "c"], Ids(lastRunOnly: true));
        RecentIdentities.RemoveAll(_endpoint);
        Assert.Empty(Ids(lastRunOnly: false));
    }

    [Fact]
    public void Identity_that_is_added_twice_is_listed_once()
    {
        Add("a", new CreationRun());
        Add("b", new CreationRun());
        Add("a", new CreationRun());

        Assert.Equal(["b", "a"], Ids(lastRunOnly: false));
    }

    private void Add(string id, CreationRun run) => RecentIdentities.Add(_endpoint, new CommunicationIdentity(id, tag: null, accessToken: null, run));

    private string[] Ids(bool lastRunOnly) => RecentIdentities.Get(_endpoint, lastRunOnly).Select(identity => identity.Id).ToArray();
}
