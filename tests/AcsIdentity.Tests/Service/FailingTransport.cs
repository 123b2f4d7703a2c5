using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using AcsIdentity.Service.Transport;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Tests.Service;

/// <summary>Throws the given failures, one for each attempt. Later attempts are sent.</summary>
internal sealed class FailingTransport(params Exception[] failures) : HttpPipelineTransport
{
    private readonly Queue<Exception> _failures = new(failures);

    public Action? OnLastFailure { get; init; }

    public override Request CreateRequest() => ServiceTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override ValueTask ProcessAsync(HttpMessage message)
    {
        if (!_failures.TryDequeue(out Exception? failure))
        {
            return ServiceTransport.Shared.ProcessAsync(message);
        }

        if (_failures.Count == 0)
        {
            OnLastFailure?.Invoke();
        }

        throw failure;
    }
}
