using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using AcsIdentity.Calls;
using AcsIdentity.Connections;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>
/// Finds identities in the ledger. Without a ledger, writes those that this process created last and has not deleted.
/// </summary>
[Cmdlet(VerbsCommon.Get, "AcsIdentity", DefaultParameterSetName = LedgerSet, HelpUri = HelpPages.Folder + "Get-AcsIdentity.md")]
[OutputType(typeof(RecordedCommunicationIdentity), typeof(CommunicationIdentity))]
public sealed class GetAcsIdentityCommand : LedgerCommand
{
    private const string LedgerSet = "Ledger";
    private const string LastRunSet = "LastRun";

    private static readonly string[] _searchParameters =
        [nameof(Tag), nameof(Id), nameof(State), nameof(CreatedBefore), nameof(CreatedAfter), nameof(WithoutLiveToken), nameof(First)];

    private AcsConnection? _connection;
    private IdentityQuery? _query;
    private int _written;

    /// <summary>The tags of the identities; wildcards are allowed. Compared with case.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LedgerSet)]
    [TagPatternTransformation]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RecordedIdentityCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>The ids of the identities.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = LedgerSet)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(RecordedIdentityCompleter))]
    public string[]? Id { get; set; }

    /// <summary>The states of the identities.</summary>
    [Parameter(ParameterSetName = LedgerSet)]
    public IdentityState State { get; set; } = IdentityState.Active;

    /// <summary>Writes only identities that were created before this time.</summary>
    [Parameter(ParameterSetName = LedgerSet)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public DateTimeOffset? CreatedBefore { get; set; }

    /// <summary>Writes only identities that were created at this time or later.</summary>
    [Parameter(ParameterSetName = LedgerSet)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public DateTimeOffset? CreatedAfter { get; set; }

    /// <summary>Writes only identities without a token that is valid now.</summary>
    [Parameter(ParameterSetName = LedgerSet)]
    public SwitchParameter WithoutLiveToken { get; set; }

    /// <summary>How many identities to write at most.</summary>
    [Parameter(ParameterSetName = LedgerSet)]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    /// <summary>Writes only the identities of the last New-AcsIdentity of this process that created any.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LastRunSet)]
    public SwitchParameter LastRun { get; set; }

    /// <summary>Whether the command line asks for a search of the ledger.</summary>
    private bool IsSearch => MyInvocation.ExpectingInput || _searchParameters.Any(IsBound);

    private bool IsFull => _written >= First;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _connection = Connection ?? SessionConnection.Find(this);
        bool hasLedger = _connection is null ? LedgerLocation.IsInEnvironment : _connection.LedgerStore is not null;
        if (!LastRun && (hasLedger || IsSearch))
        {
            OpenLedger(_connection);
            _query = new IdentityQuery(_connection.Endpoint)
            {
                States = State,
                CreatedBefore = CreatedBefore,
                CreatedAfter = CreatedAfter,
                WithoutTokenAt = WithoutLiveToken ? _connection.Now : null,
            };
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_query is null)
        {
            WriteObject(RecentIdentities.Get(_connection?.Endpoint, LastRun), enumerateCollection: true);
        }
        else if (IsBound(nameof(Id)) || IsBound(nameof(Tag)))
        {
            // An unset variable must not find everything: the next command may be Remove-AcsIdentity.
            FindNamed(_query, IsBound(nameof(Id)) ? Id ?? [""] : [], IsBound(nameof(Tag)) ? Tag ?? [""] : []);
        }
        else
        {
            Find(_query, _ => true, _ => true);
        }
    }

    private bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Finds what ids and tags name. A piped object may have both: its id finds it, and its tag must match too.</summary>
    private void FindNamed(IdentityQuery query, string[] givenIds, string[] givenTags)
    {
        string[] ids = givenIds.Where(id => !string.IsNullOrWhiteSpace(id)).Distinct().ToArray();
        string[] tags = givenTags.Where(tag => !string.IsNullOrWhiteSpace(tag)).ToArray();
        if (ids.Length == 0 && (tags.Length < givenTags.Length || (givenTags.Length == 0 && givenIds.Length > 0)))
        {
            WriteError(AcsErrors.InvalidIdentity("The tag or id to look for is empty.", tag: null, input: null));
        }

        TagPattern[] patterns = tags.Select(ReadPattern).OfType<TagPattern>().ToArray();
        if (ids.Length > 0)
        {
            foreach (string id in ids)
            {
                FindId(query, id, patterns);
            }

            return;
        }

        for (int i = 0; i < patterns.Length && !IsFull; i++)
        {
            TagPattern pattern = patterns[i];
            IEnumerable<TagPattern> earlier = patterns.Take(i);
            if (!Find(pattern.Limit(query), record => pattern.IsMatch(record.Tag), record => !earlier.Any(other => other.IsMatch(record.Tag))) && pattern.Tag is { } tag)
            {
                ReportMissing(pattern.Limit(query), tag);
            }
        }
    }

    private void FindId(IdentityQuery query, string text, TagPattern[] patterns)
    {
        try
        {
            string id = IdentityInput.ReadId(text);
            IdentityQuery named = query with { Id = id };
            if (!IsFull && !Find(named, record => patterns.Length == 0 || patterns.Any(pattern => pattern.IsMatch(record.Tag)), _ => true))
            {
                ReportMissing(named, id);
            }
        }
        catch (FormatException problem)
        {
            WriteError(AcsErrors.InvalidIdentity(problem.Message, tag: null, IdentityInput.GetErrorTarget(text)));
        }
    }

    /// <summary>Writes what the ledger finds, as it is read.</summary>
    /// <param name="query">Which records to read.</param>
    /// <param name="isMatch">Which of them count.</param>
    /// <param name="isNew">Which of those have not been written yet.</param>
    /// <returns>Whether any record counts.</returns>
    private bool Find(IdentityQuery query, Func<IdentityRecord, bool> isMatch, Func<IdentityRecord, bool> isNew)
    {
        bool isFound = false;
        using IEnumerator<IdentityRecord> records = UseLedger(Ledger.Find(query, StopToken).GetEnumerator);
        while (!IsFull && UseLedger(records.MoveNext))
        {
            IdentityRecord record = records.Current;
            bool counts = isMatch(record);
            isFound |= counts;
            if (counts && isNew(record))
            {
                _written++;
                WriteObject(new RecordedCommunicationIdentity(record));
            }
        }

        return isFound;
    }

    /// <summary>Reports an id or tag that the ledger does not have. If it only fails another condition, nothing was found, and that is the answer.</summary>
    private void ReportMissing(IdentityQuery query, string name)
    {
        IdentityQuery alone = query with { CreatedBefore = null, CreatedAfter = null, WithoutTokenAt = null };
        if (alone == query || !UseLedger(() => Ledger.Find(alone, StopToken).Any()))
        {
            WriteError(AcsErrors.NotRecorded(name, State, _connection!));
        }
    }

    private TagPattern? ReadPattern(string text)
    {
        try
        {
            return new TagPattern(text);
        }
        catch (WildcardPatternException invalid)
        {
            WriteError(invalid.ErrorRecord);
            return null;
        }
    }
}
