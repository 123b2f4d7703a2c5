using System;
using System.Management.Automation;
using System.Security;
using AcsIdentity.Connections;
using AcsIdentity.Errors;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Chooses the Communication Services resource and the credential that the other cmdlets of this session use. Sends nothing.</summary>
[Cmdlet(VerbsCommunications.Connect, "AcsIdentity", DefaultParameterSetName = EnvironmentSet)]
[OutputType(typeof(AcsConnection))]
public sealed class ConnectAcsIdentityCommand : PSCmdlet
{
    private const string EnvironmentSet = "Environment";
    private const string ConnectionStringSet = "ConnectionString";
    private const string AccessKeySet = "AccessKey";
    private const string EmulatorSet = "Emulator";

    /// <summary>The resource's connection string, as text or SecureString: endpoint=...;accesskey=... or UseDevelopmentEmulator=true.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ConnectionStringSet)]
    [SecretTransformation(AllowPlainText = true)]
    public SecureString ConnectionString { get; set; } = new();

    /// <summary>The address of the resource, for example https://my-resource.communication.azure.com.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessKeySet)]
    public string Endpoint { get; set; } = "";

    /// <summary>One of the resource's two access keys.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessKeySet)]
    [SecretTransformation]
    public SecureString AccessKey { get; set; } = new();

    /// <summary>Connects to the emulator of this process; starts it where none runs.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EmulatorSet)]
    public SwitchParameter Emulator { get; set; }

    /// <summary>How many identities the resource lets create in 30 s, where support has raised the service's 1,000.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? CreateQuota { get; set; }

    /// <summary>How many tokens the resource issues in 30 s, where support has raised the service's 1,000.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? IssueQuota { get; set; }

    /// <summary>How many calls that revoke tokens the resource takes in 30 s, where support has raised the service's 500.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? RevokeQuota { get; set; }

    /// <summary>How many identities the resource lets delete in 30 s, where support has raised the service's 500.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? DeleteQuota { get; set; }

    /// <summary>How many Teams users' tokens the resource exchanges in 30 s, where support has raised the service's 500.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? ExchangeQuota { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // -Emulator:$false is as good as no -Emulator: a script may decide it at run time.
        bool fromEnvironment = ParameterSetName == EnvironmentSet || (ParameterSetName == EmulatorSet && !Emulator);
        AcsConnection? connection = fromEnvironment ? SessionConnection.FromEnvironment(this) : FromParameters();
        if (connection is null)
        {
            ThrowTerminatingError(AcsErrors.NoConnection());
        }

        ServiceQuota quota = connection!.Service.Quota;
        connection.Service.Quota = quota with
        {
            Creates = CreateQuota ?? quota.Creates,
            Issues = IssueQuota ?? quota.Issues,
            Revokes = RevokeQuota ?? quota.Revokes,
            Deletes = DeleteQuota ?? quota.Deletes,
            Exchanges = ExchangeQuota ?? quota.Exchanges,
        };
        SessionConnection.Current = connection;
        WriteObject(connection);
    }

    private AcsConnection FromParameters() => ParameterSetName switch
    {
        ConnectionStringSet => Try(nameof(ConnectionString), source => AcsConnection.Open(Secret.ToText(ConnectionString), source)),
        AccessKeySet => AcsConnection.Open(
            Try(nameof(Endpoint), _ => Connections.ConnectionString.ParseEndpoint(Endpoint)),
            Try(nameof(AccessKey), _ => Connections.ConnectionString.ParseAccessKey(Secret.ToText(AccessKey))),
            Source(nameof(AccessKey))),
        _ => Try(nameof(Emulator), AcsConnection.OpenEmulator),
    };

    private static string Source(string parameter) => "-" + parameter;

    private T Try<T>(string parameter, Func<string, T> open) => SessionConnection.Try(this, Source(parameter), () => open(Source(parameter)));
}
