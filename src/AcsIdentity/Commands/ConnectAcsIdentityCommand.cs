using System;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Connections;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>
/// Chooses the Communication Services resource and the credential that the other cmdlets of this session use. Sends nothing,
/// except with -Validate and when a person signs in.
/// </summary>
[Cmdlet(
    VerbsCommunications.Connect, "AcsIdentity",
    DefaultParameterSetName = EnvironmentSet,
    HelpUri = HelpPages.Folder + "Connect-AcsIdentity.md")]
[OutputType(typeof(AcsConnection))]
public sealed partial class ConnectAcsIdentityCommand : AcsCommand
{
    private static readonly TimeSpan _validationTime = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<string> _prompts = new();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        AcsConnection? connection = Read(nameof(Ledger), () => Open(ReadLedger()));
        if (connection is null)
        {
            ThrowTerminatingError(AcsErrors.NoConnection());
        }

        if (IsLedgerGiven)
        {
            // Its errors appear now, not at the first call.
            OpenLedger(connection!.LedgerStore!).Dispose();
        }

        SetQuota(connection!.Service);
        // A person signs in now, not at the first call.
        if (Validate || Interactive || DeviceCode)
        {
            CheckAccess(connection);
        }

        if (Name is null)
        {
            SessionConnection.Current = connection;
        }
        else
        {
            connection = SessionConnection.Named[Name] = connection.WithName(Name);
        }

        WriteObject(connection);
    }

    private static string Source(string parameter) => "-" + parameter;

    private AcsConnection? Open(LedgerLocation? ledger) => ParameterSetName switch
    {
        // -Emulator:$false counts as not given, because a script may decide it at run time.
        EmulatorSet when Emulator => Read(nameof(Emulator), () => AcsConnection.OpenEmulator(Source(nameof(Emulator)), ledger)),
        EnvironmentSet or EmulatorSet => OpenFromEnvironment(ledger),
        ConnectionStringSet => Read(nameof(ConnectionString), () => AcsConnection.Open(Secret.ToText(ConnectionString), Source(nameof(ConnectionString)), ledger)),
        AccessKeySet => AcsConnection.Open(
            ReadEndpoint(),
            new ServiceCredential.AccessKey(Read(nameof(AccessKey), () => Connections.ConnectionString.ParseAccessKey(Secret.ToText(AccessKey)))),
            Source(nameof(AccessKey)),
            ledger),
        _ => OpenWithEntra(ledger),
    };

    private AcsConnection? OpenFromEnvironment(LedgerLocation? ledger) => EnvironmentConnection.Find() is { } variable
        ? SessionConnection.Try(
            this,
            EnvironmentConnection.DescribeSource(variable.Name),
            () => AcsConnection.Open(variable.Value, EnvironmentConnection.DescribeSource(variable.Name), ledger))
        : null;

    private AcsConnection OpenWithEntra(LedgerLocation? ledger)
    {
        Uri endpoint = ReadEndpoint();
        Read(nameof(Endpoint), () => EntraCredentialInput.ReadEndpoint(endpoint));
        Uri? authority = Read(nameof(AuthorityHost), () => EntraCredentialInput.ReadAuthorityHost(AuthorityHost));
        Read(nameof(TenantId), () => EntraCredentialInput.ReadTenant(TenantId));
        (string parameter, ServiceCredential credential) = ReadEntraCredential();
        return AcsConnection.Open(endpoint, credential, Source(parameter), ledger, new EntraSettings { AuthorityHost = authority, Audience = Audience });
    }

    /// <returns>The credential, and the parameter that it comes from. A switch that is off counts as not given, as with -Emulator.</returns>
    private (string Parameter, ServiceCredential Credential) ReadEntraCredential() => ParameterSetName switch
    {
        ManagedIdentitySet when ManagedIdentity => (nameof(ManagedIdentity), new ServiceCredential.ManagedIdentity(ClientId)),
        ClientSecretSet => (nameof(Credential), Read(nameof(Credential), () => EntraCredentialInput.ReadClientSecret(TenantId!, Credential!))),
        CertificateFileSet => (nameof(CertificatePath), ReadCertificate(nameof(CertificatePath), () => CertificateSource.Read(GetUnresolvedProviderPathFromPSPath(CertificatePath), CertificatePassword))),
        CertificateStoreSet => (nameof(CertificateThumbprint), ReadCertificate(nameof(CertificateThumbprint), () => CertificateSource.Find(CertificateThumbprint))),
        AccessTokenSet => (nameof(AccessToken), Read(nameof(AccessToken), () => EntraTokenInput.ReadServiceToken(AccessToken))),
        InteractiveSet when Interactive => (nameof(Interactive), new ServiceCredential.Interactive(TenantId, ClientId)),
        DeviceCodeSet when DeviceCode => (nameof(DeviceCode), new ServiceCredential.DeviceCode(TenantId, ClientId, _prompts.Enqueue)),
        _ => (nameof(Endpoint), new ServiceCredential.DefaultAzure()),
    };

    private Uri ReadEndpoint() => Read(nameof(Endpoint), () => Connections.ConnectionString.ParseEndpoint(Endpoint));

    private ServiceCredential.ClientCertificate ReadCertificate(string parameter, Func<X509Certificate2> find) =>
        new(TenantId!, ClientId!.Value.ToString(), Read(parameter, find));

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
        // Another runspace may set the quota of the same resource now. Numbers that were not asked for here must not overwrite it.
        if (asked != quota)
        {
            service.Quota = asked;
        }
    }

    /// <summary>Checks the credential with a call that changes nothing; a person signs in meanwhile. A failure ends the command.</summary>
    private void CheckAccess(AcsConnection connection)
    {
        CancellationToken stopping = StopToken;
        Action<string>? logReader = LogReader;
        Action<string>? noticeReader = NoticeReader;
        var validation = Task.Run(
            () =>
            {
                connection.Service.LogTo(logReader, noticeReader);
                return connection.Service.ValidateAsync(_validationTime, stopping);
            },
            stopping);
        WaitFor(validation, ShowPrompts);
        ShowPrompts();
        try
        {
            validation.GetAwaiter().GetResult();
        }
        catch (AcsServiceException refused)
        {
            ThrowTerminatingError(AcsErrors.ServiceFailure(refused));
        }
    }

    /// <summary>Shows the prompts of a sign-in as warnings, because every host shows those.</summary>
    private void ShowPrompts()
    {
        while (_prompts.TryDequeue(out string? prompt))
        {
            WriteWarning(prompt);
        }

        WriteLog();
    }

    /// <summary>Reads a parameter; a wrong value ends the command with an error that names the parameter.</summary>
    private T Read<T>(string parameter, Func<T> read) => SessionConnection.Try(this, Source(parameter), read);
}
