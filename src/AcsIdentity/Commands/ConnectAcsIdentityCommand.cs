using System;
using System.Management.Automation;
using System.Security;
using AcsIdentity.Connections;
using AcsIdentity.Errors;
using AcsIdentity.Parameters;

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
