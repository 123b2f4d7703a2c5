using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace AcsIdentity.Ledger.Tables;

/// <summary>Requests to the table. Each failure is a LedgerException.</summary>
internal sealed class LedgerTable(TableClient client, string location)
{
    public string Location => location;

    /// <summary>Makes the table if there is none.</summary>
    public Task CreateAsync(CancellationToken cancellationToken) =>
        TryAsync(() => client.CreateIfNotExistsAsync(cancellationToken), cancellationToken);

    /// <returns>The row; null if there is none, or no table.</returns>
    public Task<TableEntity?> FindAsync(string partition, string rowKey, CancellationToken cancellationToken = default) => TryAsync(
        async () =>
        {
            NullableResponse<TableEntity> answer = await client
                .GetEntityIfExistsAsync<TableEntity>(partition, rowKey, cancellationToken: cancellationToken).ConfigureAwait(false);
            return answer.HasValue ? answer.Value : null;
        },
        cancellationToken);

    /// <summary>Finds the rows of a page at a time.</summary>
    /// <param name="filter">The filter, in OData.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public IEnumerable<IReadOnlyList<TableEntity>> FindPages(string filter, CancellationToken cancellationToken = default)
    {
        // The synchronous calls of the client would need a synchronous sign-in.
        IAsyncEnumerator<Page<TableEntity>> pages = client.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        try
        {
            while (TryAsync(() => pages.MoveNextAsync().AsTask(), cancellationToken).GetAwaiter().GetResult())
            {
                yield return pages.Current.Values;
            }
        }
        finally
        {
            pages.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Finds all rows. For a filter that few rows meet.</summary>
    public Task<IReadOnlyList<TableEntity>> FindAllAsync(string filter, CancellationToken cancellationToken = default) => TryAsync(
        async () =>
        {
            var rows = new List<TableEntity>();
            await foreach (TableEntity row in client.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                rows.Add(row);
            }

            return (IReadOnlyList<TableEntity>)rows;
        },
        cancellationToken);

    /// <summary>Makes several changes in one transaction. It is durable with the answer.</summary>
    /// <returns>False if nothing was changed, because a row is there already, has gone, or was changed meanwhile.</returns>
    public Task<bool> TryChangeAsync(IEnumerable<TableTransactionAction> changes) => TryAsync(
        async () =>
        {
            try
            {
                await client.SubmitTransactionAsync(changes).ConfigureAwait(false);
                return true;
            }
            catch (TableTransactionFailedException failure) when (IsConflict(failure))
            {
                return false;
            }
        },
        CancellationToken.None);

    /// <summary>Reads the properties of a row that somebody may have edited by hand.</summary>
    /// <exception cref="LedgerException">A property is missing, or is of another type.</exception>
    public T Read<T>(string rowKey, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception damage) when (damage is ArgumentException or InvalidOperationException)
        {
            throw new LedgerException(LedgerFailureKind.Unavailable, location, $"The row {rowKey} is damaged. Mend or delete it. ({damage.Message})", damage);
        }
    }

    private static bool IsConflict(RequestFailedException failure) =>
        failure.ErrorCode == TableErrorCode.EntityAlreadyExists
        || failure.ErrorCode == TableErrorCode.ResourceNotFound
        || failure.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied;

    private async Task<T> TryAsync<T>(Func<Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await request().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw TableFailure.Describe(location, failure);
        }
    }
}
