using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Calls;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Creates identities. With -Scope, issues a token for each in the same call.</summary>
[Cmdlet(
    VerbsCommon.New, "AcsIdentity",
    DefaultParameterSetName = IdentitySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "New-AcsIdentity.md")]
[OutputType(typeof(CommunicationIdentity))]
public sealed partial class NewAcsIdentityCommand : ServiceCommand<CommunicationIdentity>
{
    /// <summary>Time limit for cleanup after the pipeline stops.</summary>
    private static readonly TimeSpan _cleanupTime = TimeSpan.FromSeconds(5);

    /// <summary>The parameters that hold for all rows of the input.</summary>
    private static readonly string[] _rowParameters = [nameof(Scope), nameof(ExpiresIn), nameof(Count)];

    private readonly CreationRun _run = new();
    private bool _isComplete;
    private bool _isTagFixed;

    private protected override IdentityOperation Operation => IdentityOperation.Create;

    private protected override string Activity => "Creating identities";

    private protected override int? Total => MyInvocation.ExpectingInput ? null : Count;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (CommandLineNumber.Find(MyInvocation) is { } number)
        {
            ThrowTerminatingError(AcsErrors.AmbiguousNumber(number));
        }

        if (ReuseExisting && IsBound(nameof(Count)))
        {
            ThrowTerminatingError(AcsErrors.InvalidReuse("-ReuseExisting makes one identity for each tag, so it cannot be used with -Count."));
        }

        if (ReuseExisting && !HasLedger)
        {
            ThrowTerminatingError(AcsErrors.NoLedger());
        }

        // A script block is evaluated later, once for each piped object.
        _isTagFixed = Tag is not null;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string action = (Scope.Length == 0 ? "Create identity" : "Create identity with a token") + (ReuseExisting ? ", or use the recorded one" : "");
        string? tag = Tag;
        if (_isTagFixed && IsBound(nameof(InputObject)))
        {
            WriteError(AcsErrors.TagForAllRows(tag, InputObject));
            return;
        }

        if (UnreadColumns.Find(InputObject, _rowParameters.Where(name => !IsBound(name))) is { } column)
        {
            WriteError(AcsErrors.UnreadColumn(column, tag, InputObject!));
            return;
        }

        if (ReuseExisting && tag is null)
        {
            WriteError(AcsErrors.InvalidReuse("-ReuseExisting needs a tag for each identity: -Tag, or piped tags."));
            return;
        }

        if (HasLedger && tag is not null && RecordableTag.FindProblem(tag) is { } problem)
        {
            WriteError(AcsErrors.InvalidTag(problem, tag));
            return;
        }

        for (int i = 0; i < Count; i++)
        {
            if (ShouldCall(id: null, tag, action))
            {
                if (HasLedger)
                {
                    UseLedger(() => Recorder.BeginCreates(StopToken));
                    WarnOfAbandoned();
                }

                Send(id: null, tag, stopping => CreateAsync(tag, stopping));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (IsLedgerOpen)
        {
            WarnOfAbandoned();
        }

        _isComplete = true;
    }

    private protected override void OnRead(CommunicationIdentity result)
    {
        base.OnRead(result);
        if (IsNew(result))
        {
            _run.Written++;
            RecentIdentities.Add(Endpoint, result);
        }
    }

    private protected override void Write(CommunicationIdentity result)
    {
        WriteVerbose($"{(IsNew(result) ? "Created" : "The ledger has")} {result.Id}{(result.Tag is null ? "" : $" for {result.Tag}")}.");
        WriteToPipeline(result);
        if (Scope.Length > 0 && result.AccessToken is null)
        {
            WriteError(AcsErrors.TokenMissing(result.Id, Endpoint));
        }
    }

    private protected override IEnumerable<string> CleanUp(IReadOnlyList<CommunicationIdentity> results)
    {
        using var timeLimit = new CancellationTokenSource(_cleanupTime);
        results = results.Where(IsNew).ToArray();
        Task<bool>[] deletions = results.Select(identity => TryDeleteAsync(identity.Id, timeLimit.Token)).ToArray();
        Task.WhenAll(deletions).GetAwaiter().GetResult();
        CommunicationIdentity[] leftBehind = results.Where((_, i) => !deletions[i].Result).ToArray();
        foreach (CommunicationIdentity identity in leftBehind)
        {
            RecentIdentities.Add(Endpoint, identity);
        }

        return AcsErrors.DescribeLeftBehind(Endpoint, leftBehind.Select(identity => identity.Id).ToArray());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        bool isCutOff = _run.IsBroken || ((!_isComplete || Stopping) && !IsEndedByChoice);
        if (disposing && isCutOff && _run.Written > 0)
        {
            Host.UI.WriteWarningLine(AcsErrors.DescribeWritten(Endpoint, _run.Written));
        }

        _run.End();
    }

    private bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Whether this command created the identity. Else it is one that the ledger had, and stays.</summary>
    private bool IsNew(CommunicationIdentity identity) => identity.CreatedBy == _run;

    private void WarnOfAbandoned()
    {
        if (Recorder.TakeAbandoned() is > 0 and var count)
        {
            WriteWarning(AcsErrors.DescribeAbandoned(Endpoint, count));
        }
    }

    private async Task<CommunicationIdentity> CreateAsync(string? tag, CancellationToken stopping)
    {
        CreatedIdentity created = await Recorder.CreateAsync(
            tag, ReuseExisting, Scope, Timeout,
            () => Service.CreateAsync(Scope, ExpiresIn, Timeout, stopping),
            (id, cancellationToken) => Service.DeleteAsync(id, _cleanupTime, cancellationToken),
            stopping).ConfigureAwait(false);
        IssuedToken? issued = created.IsNew || Scope.Length == 0
            ? created.Token
            : await Recorder.IssueAsync(created.Id, tag, Scope, () => Service.IssueTokenAsync(created.Id, Scope, ExpiresIn, Timeout, stopping)).ConfigureAwait(false);
        CreationRun? run = created.IsNew ? _run : null;
        CommunicationToken? token = issued is null ? null : CommunicationToken.Create(created.Id, tag, Scope, issued, AsPlainText, run);
        return AsPlainText
            ? new PlainTextCommunicationIdentity(created.Id, tag, token, run)
            : new CommunicationIdentity(created.Id, tag, token, run);
    }

    private async Task<bool> TryDeleteAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await Recorder.DeleteAsync(id, () => Service.DeleteAsync(id, _cleanupTime, cancellationToken)).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is AcsServiceException or OperationCanceledException or LedgerException)
        {
            return false;
        }
    }
}
