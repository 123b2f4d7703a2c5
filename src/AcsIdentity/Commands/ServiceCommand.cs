using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Connections;
using AcsIdentity.Errors;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>What the cmdlets that call the service have in common: the connection, and errors that leave the rest of the pipeline alone.</summary>
public abstract class ServiceCommand : AcsCommand
{
    private AcsConnection? _connection;

    /// <summary>The connection to use instead of the one that Connect-AcsIdentity made or the environment names.</summary>
    [Parameter]
    [ConnectionTransformation]
    public AcsConnection? Connection { get; set; }

    /// <summary>Where the service is.</summary>
    private protected Uri Endpoint => _connection!.Endpoint;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _connection = Connection ?? SessionConnection.Find(this);
        if (_connection is null)
        {
            ThrowTerminatingError(AcsErrors.NoConnection());
        }
    }

    /// <summary>Calls the service. A failure becomes an error record, and the caller goes on with the next object.</summary>
    /// <param name="call">The call.</param>
    /// <param name="target">What the call is about, for the error record. Never a secret.</param>
    /// <param name="result">What the service answered.</param>
    private protected bool TryCall<T>(Func<IIdentityService, CancellationToken, Task<T>> call, object target, [NotNullWhen(true)] out T? result)
        where T : notnull
    {
        try
        {
            result = call(_connection!.Service, StopToken).GetAwaiter().GetResult();
            return true;
        }
        catch (AcsServiceException failure)
        {
            WriteError(AcsErrors.ServiceFailure(failure, target));
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        result = default;
        return false;
    }

    /// <inheritdoc cref="TryCall{T}"/>
    private protected bool TryCall(Func<IIdentityService, CancellationToken, Task> call, object target) =>
        TryCall(
            async (service, stopping) =>
            {
                await call(service, stopping).ConfigureAwait(false);
                return true;
            },
            target,
            out _);

    private protected static CommunicationToken TokenFor(string id, IEnumerable<string> scope, IssuedToken issued, bool asPlainText) =>
        asPlainText
            ? new PlainTextCommunicationToken(id, new TokenScope(scope), issued.ExpiresOn, Secret.ToText(issued.Token))
            : new SecureCommunicationToken(id, new TokenScope(scope), issued.ExpiresOn, issued.Token);
}
