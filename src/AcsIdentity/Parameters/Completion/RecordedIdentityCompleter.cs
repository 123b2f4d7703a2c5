using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Connections;
using AcsIdentity.Models;
using AcsIdentity.Ports;
using AcsIdentity.Shared;

namespace AcsIdentity.Parameters.Completion;

/// <summary>Completes the tags or ids of the identities in the ledger. The tooltip of an id is the tag.</summary>
/// <remarks>A person waits: a slow ledger gives what it found in time, and one that fails gives nothing.</remarks>
internal sealed class RecordedIdentityCompleter : IArgumentCompleter
{
    private const int MaximumCount = 50;
    private static readonly TimeSpan _timeLimit = TimeSpan.FromSeconds(2);

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"').Replace("''", "'");
        return FindConnection(fakeBoundParameters["Connection"]) is { LedgerStore: { } store } connection
            ? parameterName == "Tag" ? CompleteTag(store, connection.Endpoint, word) : CompleteId(store, connection.Endpoint, word)
            : [];
    }

    /// <summary>Completes the beginning of a tag. A tag is quoted if it needs to be, and its wildcards are escaped, because -Tag takes a pattern.</summary>
    public static IEnumerable<CompletionResult> CompleteTag(ILedgerStore store, Uri endpoint, string word) =>
        Read(store, new IdentityQuery(endpoint) { TagPrefix = WildcardPattern.Unescape(word) }, record => record.Tag!)
            .Select(found => new CompletionResult(Quote(WildcardPattern.Escape(found.Text)), found.Text, CompletionResultType.ParameterValue, found.Record.Id));

    /// <summary>Completes the beginning of an id.</summary>
    public static IEnumerable<CompletionResult> CompleteId(ILedgerStore store, Uri endpoint, string word) =>
        Read(store, new IdentityQuery(endpoint) { IdPrefix = word }, record => record.Id!)
            .Select(found => new CompletionResult(found.Text, found.Text, CompletionResultType.ParameterValue, found.Record.Tag is { Length: > 0 } tag ? VisibleText.Of(tag) : found.Text));

    private static AcsConnection? FindConnection(object? asked)
    {
        try
        {
            return ArgumentValue.Unwrap(asked) switch
            {
                AcsConnection connection => connection,
                string name when SessionConnection.Named.TryGetValue(name, out AcsConnection? named) => named,
                null => SessionConnection.Current ?? (EnvironmentConnection.Find() is { } variable ? EnvironmentConnection.Open(variable) : null),
                _ => null,
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static List<(string Text, IdentityRecord Record)> Read(ILedgerStore store, IdentityQuery query, Func<IdentityRecord, string> read)
    {
        var found = new ConcurrentQueue<(string Text, IdentityRecord Record)>();
        using var stopping = new CancellationTokenSource(_timeLimit);
        CancellationToken token = stopping.Token;
        var search = Task.Run(
            () =>
            {
                using IIdentityLedger ledger = store.Open(token);
                var texts = new HashSet<string>();
                foreach (IdentityRecord record in ledger.Find(query, token))
                {
                    string text = read(record);
                    // The list and the command line would show a control character, and nobody can type one.
                    if (text == VisibleText.Of(text) && texts.Add(text))
                    {
                        found.Enqueue((text, record));
                    }

                    if (texts.Count == MaximumCount)
                    {
                        break;
                    }
                }
            },
            token);
        // Wait would throw the error of the search.
        Task.WaitAny([search], _timeLimit);
        stopping.Cancel();
        return [.. found.OrderBy(one => one.Text, StringComparer.OrdinalIgnoreCase)];
    }

    private static string Quote(string text) =>
        text.All(character => char.IsLetterOrDigit(character) || character is '.' or '-' or '_' or '@' or '+') && char.IsLetterOrDigit(text[0])
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
