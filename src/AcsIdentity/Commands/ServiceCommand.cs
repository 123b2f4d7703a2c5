using System;
using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Calls;
using AcsIdentity.Connections;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;
using AcsIdentity.Ports;
using AcsIdentity.Recording;

namespace AcsIdentity.Commands;

/// <summary>
/// The base of the cmdlets that call the service. Several calls are in flight; results are written in the order of the
/// input. A failed call is one error, and the pipeline goes on. A stop cleans up the results that it discards.
/// </summary>
/// <typeparam name="TResult">The result of one call.</typeparam>
public abstract partial class ServiceCommand<TResult> : AcsCommand
    where TResult : class
{
    private AcsConnection? _connection;
    private CallQueue<TResult>? _calls;
    private CallProgress? _progress;
    private FailureStreak? _failures;
    private ArrayList? _errors;
    private IdentityRecorder? _recorder;
    private Action<string>? _logReader;
    private Action<string>? _noticeReader;
    private int _done;
    private bool _isInputRead;
    private bool _isEndedByOwnError;

    /// <summary>
    /// The connection to use instead of the one that Connect-AcsIdentity made or the environment names: an object, the name of
    /// one, a connection string as text or SecureString, or the emulator.
    /// </summary>
    [Parameter]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    public AcsConnection? Connection { get; set; }

    /// <summary>How many requests may be in flight at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 5;

    /// <summary>How many seconds each object may take, including retries and the wait for the service's quota.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 120;

    /// <summary>
    /// After how many calls in a row that failed at the connection, the sign-in, the key or the permission the command ends. 0 for
    /// no limit.
    /// </summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int FailureLimit { get; set; } = 10;

    /// <summary>The address of the resource.</summary>
    private protected Uri Endpoint => _connection!.Endpoint;

    /// <summary>The service behind the connection.</summary>
    private protected IIdentityService Service => _connection!.Service;

    /// <summary>The time at the resource.</summary>
    private protected DateTimeOffset Now => _connection!.Now;

    /// <summary>Whether the connection has a ledger.</summary>
    private protected bool HasLedger => _connection!.LedgerStore is not null;

    /// <summary>Whether the ledger records what the calls do.</summary>
    private protected virtual bool IsRecorded => true;

    /// <summary>Whether the ledger was opened, because a call was made.</summary>
    private protected bool IsLedgerOpen => HasLedger && _recorder is not null;

    /// <summary>Makes the calls, and records them in the connection's ledger. Opens the ledger at the first call, so that -WhatIf makes none.</summary>
    private protected IdentityRecorder Recorder =>
        _recorder ??= new IdentityRecorder(_connection!.LedgerStore is { } store ? OpenLedger(store) : null, Endpoint);

    /// <summary>How long a call may take.</summary>
    private protected TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSec);

    /// <summary>The operation that this cmdlet calls.</summary>
    private protected abstract IdentityOperation Operation { get; }

    /// <summary>What the cmdlet does, for its progress.</summary>
    private protected abstract string Activity { get; }

    /// <summary>The number of objects to process; null if only the pipeline knows.</summary>
    private protected abstract int? Total { get; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _connection = Connection ?? SessionConnection.Find(this);
        if (_connection is null)
        {
            ThrowTerminatingError(AcsErrors.NoConnection());
        }

        _calls = new CallQueue<TResult>(ThrottleLimit);
        _errors = GetVariableValue("Error") as ArrayList;
        _failures = new FailureStreak(FailureLimit);
        _logReader = LogReader;
        _noticeReader = NoticeReader;
        bool isShown = IsWanted("ProgressAction", "ProgressPreference");
        _progress = isShown || _noticeReader is not null ? new CallProgress(this, Activity, Total, isShown) : null;
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _isInputRead = true;
        while (_calls!.Count > 0)
        {
            WriteFirst();
        }

        _progress?.Complete();
    }

    /// <summary>Asks whether to make a call, for -WhatIf and -Confirm. The question names the identity and the resource.</summary>
    private protected bool ShouldCall(string? id, string? tag, string action) =>
        ShouldProcess(IdentityName.Of(id, tag) is { } name ? $"{name} at {Endpoint}" : Endpoint.ToString(), action);

    /// <summary>Asks the same for a cmdlet of ConfirmImpact High. -Force skips the confirmation, but not -WhatIf and an explicit -Confirm.</summary>
    private protected bool ShouldCall(string? id, string? tag, string action, bool force)
    {
        bool asksForConfirm = MyInvocation.BoundParameters.TryGetValue("Confirm", out object? confirm) && LanguagePrimitives.IsTrue(confirm);
        bool isWhatIf = MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? whatIf)
            ? LanguagePrimitives.IsTrue(whatIf)
            : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));
        return (force && !asksForConfirm && !isWhatIf) || ShouldCall(id, tag, action);
    }

    /// <summary>Queues a call, and writes the results that are ready.</summary>
    /// <param name="id">The id of the identity, or the object id of the principal, that the call is about; null for a create.</param>
    /// <param name="tag">Its tag; null if it has none.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="identity">The identity that it acts on, if the same pipeline created that identity; else null.</param>
    private protected void Send(string? id, string? tag, Func<CancellationToken, Task<TResult>> call, ICreated? identity = null)
    {
        if (IsRecorded)
        {
            // On this thread: it may end the command.
            _ = Recorder;
        }

        CancellationToken stopping = StopToken;
        Action<string>? logReader = _logReader;
        Action<string>? noticeReader = _noticeReader is { } reader ? notice => reader($"{IdentityName.Of(id, tag) ?? Activity}: {notice}") : null;
        _calls!.Add(Call, id ?? tag, tag, identity);
        // Makes room after adding, not before: if writing ends the pipeline, this call is in the queue and is cleaned up.
        while (_calls.IsFull || _calls.HasResult)
        {
            WriteFirst();
        }

        Task<TResult> Call()
        {
            Service.LogTo(logReader, noticeReader);
            return call(stopping);
        }
    }
}
