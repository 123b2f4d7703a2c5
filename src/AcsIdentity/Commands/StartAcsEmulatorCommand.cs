using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Security;
using AcsIdentity.Connections;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;

namespace AcsIdentity.Commands;

/// <summary>Starts the emulator in this process, or writes the one that runs. Its state is in memory and is lost when it stops.</summary>
/// <remarks>
/// No parameter has a type of the emulator. PowerShell would load its assembly when it looks at the cmdlet, and a script
/// could not name the type before that.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "AcsEmulator", DefaultParameterSetName = UnlimitedSet, HelpUri = HelpPages.Folder + "Start-AcsEmulator.md")]
[OutputType(typeof(AcsEmulator))]
public sealed class StartAcsEmulatorCommand : PSCmdlet
{
    private const string UnlimitedSet = "Unlimited";
    private const string ThrottledSet = "Throttled";

    /// <summary>The TCP port on the loopback address. The default, 0, picks a free port.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>The access key, in base64. The default is a random key.</summary>
    [Parameter]
    [SecretTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public SecureString? AccessKey { get; set; }

    /// <summary>Enforces the service's quota. The parameters that change a part of the quota imply it.</summary>
    [Parameter(ParameterSetName = ThrottledSet)]
    public SwitchParameter Throttle { get; set; }

    /// <summary>The number of creates per window.</summary>
    [Parameter(ParameterSetName = ThrottledSet)]
    [ValidateRange(1, ThrottleOptions.LargestQuota)]
    public int? CreateQuota { get; set; }

    /// <summary>The number of tokens issued per window.</summary>
    [Parameter(ParameterSetName = ThrottledSet)]
    [ValidateRange(1, ThrottleOptions.LargestQuota)]
    public int? IssueQuota { get; set; }

    /// <summary>The number of revocations per window.</summary>
    [Parameter(ParameterSetName = ThrottledSet)]
    [ValidateRange(1, ThrottleOptions.LargestQuota)]
    public int? RevokeQuota { get; set; }

    /// <summary>The number of deletions per window.</summary>
    [Parameter(ParameterSetName = ThrottledSet)]
    [ValidateRange(1, ThrottleOptions.LargestQuota)]
    public int? DeleteQuota { get; set; }

    /// <summary>The number of Teams user tokens exchanged per window.</summary>
    [Parameter(ParameterSetName = ThrottledSet)]
    [ValidateRange(1, ThrottleOptions.LargestQuota)]
    public int? ExchangeQuota { get; set; }

    /// <summary>The length of the quota's sliding window.</summary>
    [Parameter(ParameterSetName = ThrottledSet)]
    [DurationTransformation(WithinDay = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public TimeSpan? QuotaWindow { get; set; }

    /// <summary>Omits the Retry-After header from 429 answers.</summary>
    [Parameter(ParameterSetName = ThrottledSet)]
    public SwitchParameter NoRetryAfter { get; set; }

    /// <summary>The delay of each answer.</summary>
    [Parameter]
    [DurationTransformation(WithinDay = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public TimeSpan? Latency { get; set; }

    /// <summary>The longest delay. Each answer gets a random delay from Latency to this.</summary>
    [Parameter]
    [DurationTransformation(WithinDay = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public TimeSpan? MaximumLatency { get; set; }

    /// <summary>The faults to inject. New faults replace the current ones.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(FaultCompleter))]
    public IDictionary[]? Fault { get; set; }

    /// <summary>A duration, which moves the clock forward, or a time, which sets it.</summary>
    [Parameter]
    [ClockTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public object? Clock { get; set; }

    /// <summary>Moves the clock for the dates in signed requests too. Clients keep the real time.</summary>
    [Parameter]
    public SwitchParameter MoveRequestDate { get; set; }

    /// <summary>The identities that exist at the start and after a reset.</summary>
    [Parameter]
    [IdentityTransformation]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(NoCompleter))]
    public PSObject?[]? Identity { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (MoveRequestDate && Clock is null)
        {
            ThrowTerminatingError(AcsErrors.InvalidEmulatorOption("It needs -Clock.", nameof(MoveRequestDate)));
        }

        var asked = new EmulatorOptions
        {
            AccessKey = ReadAccessKey(),
            Throttle = ReadThrottle(),
            Latency = ReadLatency(),
            Faults = (Fault ?? []).Select(ReadFault).ToArray(),
            Identities = (Identity ?? []).Select(ReadId).ToArray(),
        };

        AcsEmulator emulator;
        bool isNew;
        try
        {
            emulator = AcsEmulator.GetOrStart(Port, asked, out isNew);
        }
        catch (ArgumentException problem)
        {
            ThrowTerminatingError(AcsErrors.InvalidEmulatorOption(problem.Message, nameof(Identity)));
            return;
        }
        catch (HttpListenerException refused)
        {
            ThrowTerminatingError(AcsErrors.EmulatorNotStarted(refused, Port));
            return;
        }

        if (emulator.FindDifference(Port, asked) is { } difference)
        {
            ThrowTerminatingError(AcsErrors.EmulatorRunsOtherwise(emulator, difference));
        }

        if (!isNew && Fault is not null)
        {
            emulator.SetFaults(asked.Faults);
        }

        MoveClock(emulator);

        WriteObject(emulator);
    }

    private void MoveClock(AcsEmulator emulator)
    {
        try
        {
            if (Clock is TimeSpan time)
            {
                emulator.AdvanceClock(time, MoveRequestDate);
            }
            else if (Clock is DateTimeOffset now)
            {
                emulator.SetClock(now, MoveRequestDate);
            }
        }
        catch (ArgumentException problem)
        {
            ThrowTerminatingError(AcsErrors.InvalidEmulatorOption(problem.Message, nameof(Clock)));
        }
    }

    private string? ReadAccessKey()
    {
        if (AccessKey is null)
        {
            return null;
        }

        string key = Secret.ToText(AccessKey);
        SessionConnection.Try(this, "-" + nameof(AccessKey), () => ConnectionString.ParseAccessKey(key));
        return key;
    }

    private ThrottleOptions? ReadThrottle()
    {
        // -Throttle:$false means no quota: a script may decide it at run time.
        if (ParameterSetName != ThrottledSet || (!Throttle && MyInvocation.BoundParameters.ContainsKey(nameof(Throttle))))
        {
            return null;
        }

        var documented = new ThrottleOptions();
        return new ThrottleOptions
        {
            Creates = CreateQuota ?? documented.Creates,
            Issues = IssueQuota ?? documented.Issues,
            Revokes = RevokeQuota ?? documented.Revokes,
            Deletes = DeleteQuota ?? documented.Deletes,
            Exchanges = ExchangeQuota ?? documented.Exchanges,
            Window = QuotaWindow ?? documented.Window,
            SendsRetryAfter = !NoRetryAfter,
        };
    }

    private LatencyOptions? ReadLatency()
    {
        if (MaximumLatency < Latency)
        {
            ThrowTerminatingError(AcsErrors.InvalidEmulatorOption("It is shorter than -Latency.", nameof(MaximumLatency)));
        }

        return (MaximumLatency ?? Latency) is { } longest ? new LatencyOptions(Latency ?? TimeSpan.Zero, longest) : null;
    }

    private string ReadId(PSObject? input, int index)
    {
        try
        {
            return IdentityInput.ReadId(input);
        }
        catch (FormatException problem)
        {
            ThrowTerminatingError(AcsErrors.InvalidEmulatorOption($"Identity {index + 1}: {problem.Message}", nameof(Identity)));
            throw;
        }
    }

    private Fault ReadFault(IDictionary table, int index)
    {
        try
        {
            return FaultInput.Read(table);
        }
        catch (FormatException problem)
        {
            ThrowTerminatingError(AcsErrors.InvalidEmulatorOption($"Fault {index + 1}: {problem.Message}", nameof(Fault)));
            throw;
        }
    }
}
