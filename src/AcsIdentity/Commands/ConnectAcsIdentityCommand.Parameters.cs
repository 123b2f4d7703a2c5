using System;
using System.Management.Automation;
using System.Security;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;

namespace AcsIdentity.Commands;

/// <content>The parameters: one set for each kind of credential.</content>
public sealed partial class ConnectAcsIdentityCommand
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

    /// <summary>The resource's connection string, as text or SecureString: endpoint=...;accesskey=... or UseDevelopmentEmulator=true.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ConnectionStringSet)]
    [SecretTransformation(AllowPlainText = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public SecureString ConnectionString { get; set; } = new();

    /// <summary>The address of the resource, for example https://my-resource.communication.azure.com. Without a credential, DefaultAzureCredential signs in with what this host offers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessKeySet)]
    [Parameter(Mandatory = true, ParameterSetName = DefaultCredentialSet)]
    [Parameter(Mandatory = true, ParameterSetName = ManagedIdentitySet)]
    [Parameter(Mandatory = true, ParameterSetName = ClientSecretSet)]
    [Parameter(Mandatory = true, ParameterSetName = CertificateFileSet)]
    [Parameter(Mandatory = true, ParameterSetName = CertificateStoreSet)]
    [Parameter(Mandatory = true, ParameterSetName = AccessTokenSet)]
    [Parameter(Mandatory = true, ParameterSetName = InteractiveSet)]
    [Parameter(Mandatory = true, ParameterSetName = DeviceCodeSet)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public string Endpoint { get; set; } = "";

    /// <summary>One of the two access keys of the resource.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessKeySet)]
    [SecretTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public SecureString AccessKey { get; set; } = new();

    /// <summary>Signs in with the managed identity of this host.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ManagedIdentitySet)]
    public SwitchParameter ManagedIdentity { get; set; }

    /// <summary>The Entra tenant to sign in to: its GUID or domain name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ClientSecretSet)]
    [Parameter(Mandatory = true, ParameterSetName = CertificateFileSet)]
    [Parameter(Mandatory = true, ParameterSetName = CertificateStoreSet)]
    [Parameter(ParameterSetName = InteractiveSet)]
    [Parameter(ParameterSetName = DeviceCodeSet)]
    [ArgumentCompleter(typeof(NoCompleter))]
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
    [ArgumentCompleter(typeof(NoCompleter))]
    public Guid? ClientId { get; set; }

    /// <summary>The file of the service principal's certificate with its private key: PFX, or on PowerShell 7 PEM.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CertificateFileSet)]
    public string CertificatePath { get; set; } = "";

    /// <summary>The password of the PFX file.</summary>
    [Parameter(ParameterSetName = CertificateFileSet)]
    [SecretTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>The thumbprint of the service principal's certificate in the My store of the current user or the machine.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CertificateStoreSet)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public string CertificateThumbprint { get; set; } = "";

    /// <summary>An Entra access token for https://communication.azure.com/, such as Get-AzAccessToken returns. The connection works until the token expires.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AccessTokenSet)]
    [SecretTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public SecureString AccessToken { get; set; } = new();

    /// <summary>Signs in as a person in a browser, before the command ends.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InteractiveSet)]
    public SwitchParameter Interactive { get; set; }

    /// <summary>Signs in as a person in a browser on another machine, before the command ends.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DeviceCodeSet)]
    public SwitchParameter DeviceCode { get; set; }

    /// <summary>Connects to the emulator of this process; starts it if none runs.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EmulatorSet)]
    public SwitchParameter Emulator { get; set; }

    /// <summary>The authority that issues tokens, if it is not the one of the endpoint's cloud.</summary>
    [Parameter(ParameterSetName = DefaultCredentialSet)]
    [Parameter(ParameterSetName = ClientSecretSet)]
    [Parameter(ParameterSetName = CertificateFileSet)]
    [Parameter(ParameterSetName = CertificateStoreSet)]
    [Parameter(ParameterSetName = InteractiveSet)]
    [Parameter(ParameterSetName = DeviceCodeSet)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public Uri? AuthorityHost { get; set; }

    /// <summary>The audience of the tokens, if it is not https://communication.azure.com/.</summary>
    [Parameter(ParameterSetName = DefaultCredentialSet)]
    [Parameter(ParameterSetName = ManagedIdentitySet)]
    [Parameter(ParameterSetName = ClientSecretSet)]
    [Parameter(ParameterSetName = CertificateFileSet)]
    [Parameter(ParameterSetName = CertificateStoreSet)]
    [Parameter(ParameterSetName = InteractiveSet)]
    [Parameter(ParameterSetName = DeviceCodeSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoCompleter))]
    public string? Audience { get; set; }

    /// <summary>Keeps the connection under this name, beside the one that the session uses. -Connection takes the name.</summary>
    [Parameter]
    [ValidateConnectionName]
    [ArgumentCompleter(typeof(NoCompleter))]
    public string? Name { get; set; }

    /// <summary>The ledger that records the identities: a file, or the address of a table of Azure Table Storage.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    public string Ledger { get; set; } = "";

    /// <summary>The connection string of the storage account with the table, as text or SecureString. Without it the connection's Entra credential signs in.</summary>
    [Parameter]
    [SecretTransformation(AllowPlainText = true)]
    [ArgumentCompleter(typeof(NoCompleter))]
    public SecureString? LedgerConnectionString { get; set; }

    /// <summary>Checks the credential with a call that changes nothing.</summary>
    [Parameter]
    public SwitchParameter Validate { get; set; }

    /// <summary>The number of creates that the resource allows in 30 s, if support has raised it from 1,000.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? CreateQuota { get; set; }

    /// <summary>The number of tokens that the resource issues in 30 s, if support has raised it from 1,000.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? IssueQuota { get; set; }

    /// <summary>The number of revocations that the resource allows in 30 s, if support has raised it from 500.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? RevokeQuota { get; set; }

    /// <summary>The number of deletions that the resource allows in 30 s, if support has raised it from 500.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? DeleteQuota { get; set; }

    /// <summary>The number of Teams user tokens that the resource exchanges in 30 s, if support has raised it from 500.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? ExchangeQuota { get; set; }
}
