using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Reflection;
using AcsIdentity.Service.Transport;
using Azure.Core.Pipeline;
using Xunit;

namespace AcsIdentity.Tests.Service;

public sealed class ServiceTransportTests
{
    /// <summary>Azure.Core does not expose the settings of its transport, so the test reads them by reflection.</summary>
    [Fact]
    public void Only_the_connect_timeout_differs_from_the_transport_of_azure_core()
    {
        Dictionary<string, object?> theirs = SettingsOf(HttpClientTransport.Shared);
        Dictionary<string, object?> ours = SettingsOf(ServiceTransport.Shared);

        Assert.Equal(TimeSpan.FromSeconds(10), ours[nameof(SocketsHttpHandler.ConnectTimeout)]);
        Assert.Equal([nameof(SocketsHttpHandler.ConnectTimeout)], ours.Keys.Where(name => !Equals(ours[name], theirs[name])));
    }

    private static Dictionary<string, object?> SettingsOf(HttpPipelineTransport transport)
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;
        var client = (HttpClient)typeof(HttpClientTransport).GetProperty("Client", Hidden)!.GetValue(transport)!;
        object handler = typeof(HttpMessageInvoker).GetField("_handler", Hidden)!.GetValue(client)!;
        Dictionary<string, object?> settings = typeof(SocketsHttpHandler).GetProperties()
            .Where(setting => setting.PropertyType.IsValueType)
            .ToDictionary(setting => setting.Name, setting => setting.GetValue(handler));
        settings[nameof(HttpClient.Timeout)] = client.Timeout;
        return settings;
    }
}
