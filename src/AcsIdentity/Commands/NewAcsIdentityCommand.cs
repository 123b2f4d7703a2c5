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
using AcsIdentity.Parameters.Completion;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Creates identities. With -Scope, issues a token for each in the same call.</summary>
[Cmdlet(
    VerbsCommon.New, "AcsIdentity",
    DefaultParameterSetName = IdentitySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "New-AcsIdentity.md")]
[OutputType(typeof(CommunicationIdentity))]
public sealed class NewAcsIdentityCommand : ServiceCommand<CommunicationIdentity>
{
    private const string IdentitySet = "Identity";
    private const string TokenSet = "IdentityWithToken";

    /// <summary>Time limit for cleanup after the pipeline stops.</summary>
    private static readonly TimeSpan _cleanupTime = TimeSpan.FromSeconds(5);

    /// <summary>The parameters that hold for all rows of the input.</summary>
    private static readonly string[] _rowParameters = [nameof(Scope), nameof(ExpiresIn), nameof(Count)];

    private readonly CreationRun _run = new();
    private bool _isComplete;
    private bool _isTagFixed;

    /// <summary>The number of identities to create: in total, or per tag.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>Your own name for the identity, such as a user name. The object keeps it; the service is not told.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [TagTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public string? Tag { get; set; }

    /// <summary>The piped object, which -Tag names a property of. It is checked for columns that the cmdlet does not read.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Issues an access token with these scopes in the same call.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TokenSet)]
    [TokenScopeTransformation]
    [ArgumentCompleter(typeof(TokenScopeCompleter))]
    public string[] Scope { get; set; } = [];

    /// <summary>The token's lifetime, from 1 hour to 24 hours in whole minutes. A fraction of a minute is dropped. The default is 24 hours.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    [DurationTransformation]
    [ValidateTokenLifetime]
    [ArgumentCompleter(typeof(LifetimeCompleter))]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Returns the token as clear text instead of a SecureString.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    public SwitchParameter AsPlainText { get; set; }

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

        // A script block is evaluated later, once for each piped object.
        _isTagFixed = Tag is not null;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string action = Scope.Length == 0 ? "Create identity" : "Create identity with a token";
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

        for (int i = 0; i < Count; i++)
        {
            if (ShouldCall(id: null, tag, action))
            {
                Send(id: null, tag, stopping => CreateAsync(tag, stopping));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        _isComplete = true;
    }

    private protected override void OnRead(CommunicationIdentity result)
    {
        base.OnRead(result);
        _run.Written++;
        RecentIdentities.Add(Endpoint, result);
    }

    private protected override void Write(CommunicationIdentity result)
    {
        WriteVerbose($"Created {result.Id}{(result.Tag is null ? "" : $" for {result.Tag}")}.");
        WriteToPipeline(result);
        if (Scope.Length > 0 && result.AccessToken is null)
        {
            WriteError(AcsErrors.TokenMissing(result.Id, Endpoint));
        }
    }

    private protected override IEnumerable<string> CleanUp(IReadOnlyList<CommunicationIdentity> results)
    {
        using var timeLimit = new CancellationTokenSource(_cleanupTime);
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

    private async Task<CommunicationIdentity> CreateAsync(string? tag, CancellationToken stopping)
    {
        CreatedIdentity created = await Service.CreateAsync(Scope, ExpiresIn, Timeout, stopping).ConfigureAwait(false);
        CommunicationToken? token = created.Token is { } issued ? CommunicationToken.Create(created.Id, tag, Scope, issued, AsPlainText, _run) : null;
        return AsPlainText
            ? new PlainTextCommunicationIdentity(created.Id, tag, token, _run)
            : new CommunicationIdentity(created.Id, tag, token, _run);
    }

    private async Task<bool> TryDeleteAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await Service.DeleteAsync(id, _cleanupTime, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is AcsServiceException or OperationCanceledException)
        {
            return false;
        }
    }
}
