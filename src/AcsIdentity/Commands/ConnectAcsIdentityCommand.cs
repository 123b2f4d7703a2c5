using System;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Connections;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>
/// Chooses the Communication Services resource and the credential that the other cmdlets of this session use. Sends
/// nothing, but where a person signs in and with -Validate.
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "AcsIdentity", DefaultParameterSetName = EnvironmentSet)]
[OutputType(typeof(AcsConnection))]
public sealed class ConnectAcsIdentityCommand : AcsCommand
{
    private const string EnvironmentSet = "Environment";
    private const string ConnectionStringSet = "ConnectionString";
    private const string AccessKeySet = "AccessKey";
    private const string DefaultCredentialSet = "DefaultCredential";
    private const string ManagedIdentitySet = "ManagedIdentity";
    private const string ClientSecretSet = "ServicePrincipalSecret";
    private const string CertificateFileSet = "ServicePrincipalCertificateFile";
    private const string CertificateStoreSet = "ServicePrincipalCertificateStore";
    private const string AccessTokenSet = "AccessToken";
    private const string InteractiveSet = "Interactive";
    private const string DeviceCodeSet = "DeviceCode";
    private const string EmulatorSet = "Emulator";

    private static readonly TimeSpan _validationTime = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<string> _prompts = new();

    /// <summary>The resource's connection string, as text or SecureString: endpoint=...;accesskey=... or UseDevelopmentEmulator=true.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ConnectionStringSet)]
    [SecretTransformation(AllowPlainText = true)]
    public SecureString ConnectionString { get; set; } = new();

    /// <summary>The address of the resource, for example https://my-resource.communication.azure.com. Alone it means whatever credential of Entra ID this host offers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessKeySet)]
    [Parameter(Mandatory = true, ParameterSetName = DefaultCredentialSet)]
    [Parameter(Mandatory = true, ParameterSetName = ManagedIdentitySet)]
    [Parameter(Mandatory = true, ParameterSetName = ClientSecretSet)]
    [Parameter(Mandatory = true, ParameterSetName = CertificateFileSet)]
    [Parameter(Mandatory = true, ParameterSetName = CertificateStoreSet)]
    [Parameter(Mandatory = true, ParameterSetName = AccessTokenSet)]
    [Parameter(Mandatory = true, ParameterSetName = InteractiveSet)]
    [Parameter(Mandatory = true, ParameterSetName = DeviceCodeSet)]
    public string Endpoint { get; set; } = "";

    /// <summary>One of the resource's two access keys.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessKeySet)]
    [SecretTransformation]
    public SecureString AccessKey { get; set; } = new();

    /// <summary>Signs in with the managed identity of this host.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ManagedIdentitySet)]
    public SwitchParameter ManagedIdentity { get; set; }

    /// <summary>The Entra tenant to sign in to, by its GUID or domain name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ClientSecretSet)]
    [Parameter(Mandatory = true, ParameterSetName = CertificateFileSet)]
    [Parameter(Mandatory = true, ParameterSetName = CertificateStoreSet)]
    [Parameter(ParameterSetName = InteractiveSet)]
    [Parameter(ParameterSetName = DeviceCodeSet)]
    public string? TenantId { get; set; }

    /// <summary>A service principal: its application id as user name, its secret as password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ClientSecretSet)]
    public PSCredential? Credential { get; set; }

    /// <summary>The application id of a service principal; with -ManagedIdentity, the client id of a user-assigned identity.</summary>
    [Parameter(ParameterSetName = ManagedIdentitySet)]
    [Parameter(Mandatory = true, ParameterSetName = CertificateFileSet)]
    [Parameter(Mandatory = true, ParameterSetName = CertificateStoreSet)]
    [Parameter(ParameterSetName = InteractiveSet)]
    [Parameter(ParameterSetName = DeviceCodeSet)]
    [GuidTransformation]
    public Guid? ClientId { get; set; }

    /// <summary>The file of the service principal's certificate with its private key: PFX, or on PowerShell 7 PEM.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CertificateFileSet)]
    public string CertificatePath { get; set; } = "";

    /// <summary>The password of the PFX file.</summary>
    [Parameter(ParameterSetName = CertificateFileSet)]
    [SecretTransformation]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>The thumbprint of the service principal's certificate in the store My of the current user or of the machine.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CertificateStoreSet)]
    public string CertificateThumbprint { get; set; } = "";

    /// <summary>An Entra access token for https://communication.azure.com/, as Get-AzAccessToken gives it. It serves until it expires.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessTokenSet)]
    [SecretTransformation]
    public SecureString AccessToken { get; set; } = new();

    /// <summary>Signs in as a person, in a browser, now.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InteractiveSet)]
    public SwitchParameter Interactive { get; set; }

    /// <summary>Signs in as a person, in a browser on another machine, now.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DeviceCodeSet)]
    public SwitchParameter DeviceCode { get; set; }

    /// <summary>Connects to the emulator of this process; starts it where none runs.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EmulatorSet)]
    public SwitchParameter Emulator { get; set; }

    /// <summary>The authority that issues tokens, where it is not the one of the endpoint's cloud.</summary>
    [Parameter(ParameterSetName = DefaultCredentialSet)]
    [Parameter(ParameterSetName = ClientSecretSet)]
    [Parameter(ParameterSetName = CertificateFileSet)]
    [Parameter(ParameterSetName = CertificateStoreSet)]
    [Parameter(ParameterSetName = InteractiveSet)]
    [Parameter(ParameterSetName = DeviceCodeSet)]
    public Uri? AuthorityHost { get; set; }

    /// <summary>The audience of the tokens, where it is not https://communication.azure.com/.</summary>
    [Parameter(ParameterSetName = DefaultCredentialSet)]
    [Parameter(ParameterSetName = ManagedIdentitySet)]
    [Parameter(ParameterSetName = ClientSecretSet)]
    [Parameter(ParameterSetName = CertificateFileSet)]
    [Parameter(ParameterSetName = CertificateStoreSet)]
    [Parameter(ParameterSetName = InteractiveSet)]
    [Parameter(ParameterSetName = DeviceCodeSet)]
    [ValidateNotNullOrEmpty]
    public string? Audience { get; set; }

    /// <summary>Asks the service whether it accepts the credential, by a call that changes nothing.</summary>
    [Parameter]
    public SwitchParameter Validate { get; set; }

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
        AcsConnection? connection = Open();
        if (connection is null)
        {
            ThrowTerminatingError(AcsErrors.NoConnection());
        }

        SetQuota(connection!.Service);
        // Who signs in as a person wants to do so now, and not at the first call.
        if (Validate || Interactive || DeviceCode)
        {
            DemandAccess(connection);
        }

        SessionConnection.Current = connection;
        WriteObject(connection);
    }

    private static string Source(string parameter) => "-" + parameter;

    private AcsConnection? Open() => ParameterSetName switch
    {
        EnvironmentSet => SessionConnection.FromEnvironment(this),
        // -Emulator:$false is as good as no -Emulator: a script may decide it at run time.
        EmulatorSet => Emulator ? Try(nameof(Emulator), AcsConnection.OpenEmulator) : SessionConnection.FromEnvironment(this),
        ConnectionStringSet => Try(nameof(ConnectionString), source => AcsConnection.Open(Secret.ToText(ConnectionString), source)),
        AccessKeySet => AcsConnection.Open(
            ReadEndpoint(),
            new ServiceCredential.AccessKey(Try(nameof(AccessKey), _ => Connections.ConnectionString.ParseAccessKey(Secret.ToText(AccessKey)))),
            Source(nameof(AccessKey))),
        _ => OpenWithEntra(),
    };

    private AcsConnection OpenWithEntra()
    {
        Uri endpoint = ReadEndpoint();
        Demand(nameof(Endpoint), endpoint.Scheme == Uri.UriSchemeHttps, "Tokens of Entra ID are sent over https only.");
        Demand(
            nameof(AuthorityHost),
            AuthorityHost is null || (AuthorityHost.IsAbsoluteUri && AuthorityHost.Scheme == Uri.UriSchemeHttps),
            "The authority is not an address such as https://login.microsoftonline.com/.");
        Demand(
            nameof(TenantId),
            TenantId is null || Regex.IsMatch(TenantId, @"^[A-Za-z0-9][A-Za-z0-9.-]*\z"),
            "A tenant goes by its GUID or by a domain name, such as contoso.onmicrosoft.com.");

        // As with -Emulator, a switch that is off is as good as none.
        (string parameter, ServiceCredential credential) = ParameterSetName switch
        {
            ManagedIdentitySet when ManagedIdentity => (nameof(ManagedIdentity), (ServiceCredential)new ServiceCredential.ManagedIdentity(ClientId)),
            ClientSecretSet => (nameof(Credential), Try(nameof(Credential), _ => ReadClientSecret(Credential!))),
            CertificateFileSet => (nameof(CertificatePath), WithCertificate(Try(nameof(CertificatePath), _ => CertificateSource.Read(GetUnresolvedProviderPathFromPSPath(CertificatePath), CertificatePassword)))),
            CertificateStoreSet => (nameof(CertificateThumbprint), WithCertificate(Try(nameof(CertificateThumbprint), _ => CertificateSource.Find(CertificateThumbprint)))),
            AccessTokenSet => (nameof(AccessToken), Try(nameof(AccessToken), _ => ReadAccessToken())),
            InteractiveSet when Interactive => (nameof(Interactive), new ServiceCredential.Interactive(TenantId, ClientId)),
            DeviceCodeSet when DeviceCode => (nameof(DeviceCode), new ServiceCredential.DeviceCode(TenantId, ClientId, _prompts.Enqueue)),
            _ => (nameof(Endpoint), new ServiceCredential.DefaultAzure()),
        };
        return AcsConnection.Open(endpoint, credential, Source(parameter), new EntraSettings { AuthorityHost = AuthorityHost, Audience = Audience });
    }

    private Uri ReadEndpoint() => Try(nameof(Endpoint), _ => Connections.ConnectionString.ParseEndpoint(Endpoint));

    private ServiceCredential.ClientCertificate WithCertificate(X509Certificate2 certificate) => new(TenantId!, ClientId!.Value.ToString(), certificate);

    private ServiceCredential.ClientSecret ReadClientSecret(PSCredential credential) =>
        Guid.TryParse(credential.UserName, out Guid client) && credential.Password.Length > 0
            ? new ServiceCredential.ClientSecret(TenantId!, client.ToString(), credential.Password)
            : throw new FormatException("The user name must be the application id of a service principal, a GUID, and the password its secret.");

    private ServiceCredential.AccessToken ReadAccessToken()
    {
        DateTimeOffset expiresOn = CommunicationTokenClaims.Read(Secret.ToText(AccessToken)).ExpiresOn
            ?? throw new FormatException("The access token does not say when it expires.");
        return expiresOn > DateTimeOffset.UtcNow
            ? new ServiceCredential.AccessToken(AccessToken, expiresOn)
            : throw new FormatException($"The access token has expired, at {expiresOn.UtcDateTime:u}. Get a new one.");
    }

    private void SetQuota(IIdentityService service)
    {
        ServiceQuota quota = service.Quota;
        ServiceQuota asked = quota with
        {
            Creates = CreateQuota ?? quota.Creates,
            Issues = IssueQuota ?? quota.Issues,
            Revokes = RevokeQuota ?? quota.Revokes,
            Deletes = DeleteQuota ?? quota.Deletes,
            Exchanges = ExchangeQuota ?? quota.Exchanges,
        };
        // Another runspace may be setting it for the same resource: what nobody asked for here is not written over that.
        if (asked != quota)
        {
            service.Quota = asked;
        }
    }

    private void DemandAccess(AcsConnection connection)
    {
        try
        {
            CancellationToken stopping = StopToken;
            Action<string>? logReader = LogReader;
            var validation = Task.Run(
                () =>
                {
                    connection.Service.LogTo(logReader);
                    return connection.Service.ValidateAsync(_validationTime, stopping);
                },
                stopping);
            WaitFor(validation, ShowPrompts);
            ShowPrompts();
            validation.GetAwaiter().GetResult();
        }
        catch (AcsServiceException refused)
        {
            ThrowTerminatingError(AcsErrors.ServiceFailure(refused));
        }
    }

    /// <summary>As a warning, because that is seen in every host.</summary>
    private void ShowPrompts()
    {
        while (_prompts.TryDequeue(out string? prompt))
        {
            WriteWarning(prompt);
        }

        WriteLog();
    }

    private void Demand(string parameter, bool isRight, string problem)
    {
        if (!isRight)
        {
            ThrowTerminatingError(AcsErrors.InvalidConnection(problem, Source(parameter)));
        }
    }

    private T Try<T>(string parameter, Func<string, T> open) => SessionConnection.Try(this, Source(parameter), () => open(Source(parameter)));
}
