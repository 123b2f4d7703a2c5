using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading.Tasks;
using AcsIdentity.Connections;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Adds identities that exist to the ledger, for example those of a map in a CSV file. Sends nothing to the service.</summary>
[Cmdlet(
    VerbsData.Import, "AcsIdentity",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    HelpUri = HelpPages.Folder + "Import-AcsIdentity.md")]
[OutputType(typeof(RecordedCommunicationIdentity))]
public sealed class ImportAcsIdentityCommand : LedgerCommand
{
    /// <summary>How many imports are on their way, so that the ledger writes groups.</summary>
    private const int MaximumInFlight = 256;

    private readonly Queue<(string? Tag, Task<IdentityRecord> Import)> _imports = new();
    private AcsConnection? _connection;

    /// <summary>The identities: objects of this module, ids, or any objects that have an id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NoCompleter))]
    public PSObject?[]? Identity { get; set; } = [];

    /// <summary>Writes the identities as the ledger records them.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _connection = Connection ?? SessionConnection.Find(this);
        OpenLedger(_connection);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // A null counts as one invalid identity, so that it gets this module's error.
        foreach (PSObject? input in Identity ?? [null])
        {
            if (Read(input) is { } record && ShouldProcess($"{IdentityName.Of(record.Id, record.Tag)} at {_connection!.Endpoint}", "Import into the ledger"))
            {
                _imports.Enqueue((record.Tag, Ledger.ImportAsync(_connection.Endpoint, record)));
            }

            while (_imports.Count >= MaximumInFlight || (_imports.Count > 0 && _imports.Peek().Import.IsCompleted))
            {
                WriteFirst();
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        while (_imports.Count > 0)
        {
            WriteFirst();
        }
    }

    /// <returns>Null if there is nothing to import.</returns>
    private IdentityRecord? Read(PSObject? input)
    {
        string? tag = IdentityInput.ReadTag(input);
        try
        {
            if (RecordInput.IsWithoutId(input))
            {
                WriteVerbose($"{tag ?? "An identity"}: Not imported, because its create has no answer and there is no id.");
                return null;
            }

            IdentityRecord record = RecordInput.Read(input);
            if (tag is not null && RecordableTag.FindProblem(tag) is { } problem)
            {
                WriteError(AcsErrors.InvalidTag(problem, tag));
                return null;
            }

            return record;
        }
        catch (FormatException problem)
        {
            WriteError(AcsErrors.InvalidIdentity(problem.Message, tag, IdentityInput.GetErrorTarget(input)));
            return null;
        }
    }

    private void WriteFirst()
    {
        (string? tag, Task<IdentityRecord> import) = _imports.Dequeue();
        IdentityRecord record = Await(import);
        if (tag is not null && record.Tag is { } recorded && recorded != tag)
        {
            WriteError(AcsErrors.TagConflict(record.Id!, tag, recorded, _connection!));
        }
        else if (PassThru)
        {
            WriteObject(new RecordedCommunicationIdentity(record));
        }
    }
}
