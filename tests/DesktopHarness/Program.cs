using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Loading;
using AcsIdentity.Models;
using AcsIdentity.Ports;

namespace AcsIdentity.DesktopHarness;

/// <summary>
/// Uses the module like Windows PowerShell 5.1: loads AcsIdentity.dll by LoadFrom, runs its initializer, lists its types and
/// calls it. Each line that it prints is one result.
/// </summary>
internal static class Program
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(1);

    private static async Task Main(string[] arguments)
    {
        var module = Assembly.LoadFrom(arguments.Single());
        AppDomain.CurrentDomain.AssemblyResolve += (_, request) => request.Name == module.FullName ? module : null;
        string lib = Path.Combine(Path.GetDirectoryName(module.Location), "lib");

        // Separate methods: the runtime loads the types of a method when the method is first called.
        Import();
        Console.WriteLine($"libraries loaded by the import: {LoadedFrom(lib).Count()}");
        // PowerShell lists the types before the import. On Mono that fails: it loads the types of all fields at once.
        Console.WriteLine($"cmdlets: {module.GetTypes().Count(type => type.IsSubclassOf(typeof(PSCmdlet)) && !type.IsAbstract)}");
        await UseAsync(lib);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Import() => new ModuleImport().OnImport();

    private static async Task UseAsync(string lib)
    {
        string connectionString = AcsEmulator.GetOrStart().GetConnectionString();
        var connection = Connections.ConnectionString.Parse(connectionString);
        IIdentityService service = Open(connection.Endpoint!, connection.AccessKey!);
        await CallAsync(service);
        await ShowRefusalAsync(Open(connection.Endpoint!, Secret.FromText("c2VjcmV0")));
        ShowSecurityProtocols(() => Open(connection.Endpoint!, connection.AccessKey!));
        ShowRequests(lib);
        AcsEmulator.Stop();
    }

    private static IIdentityService Open(Uri endpoint, System.Security.SecureString key) =>
        ModuleAssemblies.IdentityServiceFactory.Create(endpoint, new ServiceCredential.AccessKey(key));

    private static async Task CallAsync(IIdentityService service)
    {
        await service.ValidateAsync(_timeout, CancellationToken.None);
        CreatedIdentity created = await service.CreateAsync(["chat"], null, _timeout, CancellationToken.None);
        var claims = CommunicationTokenClaims.Read(Secret.ToText(created.Token!.Token));
        Console.WriteLine($"token is for the created identity: {claims.Id == created.Id}");
        IssuedToken issued = await service.IssueTokenAsync(created.Id, ["voip"], null, _timeout, CancellationToken.None);
        Console.WriteLine($"issued scope: {CommunicationTokenClaims.Read(Secret.ToText(issued.Token)).Scope}");
        await service.RevokeTokensAsync(created.Id, _timeout, CancellationToken.None);
        await service.DeleteAsync(created.Id, _timeout, CancellationToken.None);
        Console.WriteLine($"identities left: {AcsEmulator.Current!.IdentityCount}");
    }

    private static async Task ShowRefusalAsync(IIdentityService service)
    {
        try
        {
            await service.ValidateAsync(_timeout, CancellationToken.None);
        }
        catch (AcsServiceException refused)
        {
            Console.WriteLine($"wrong key: {refused.Kind}");
        }
    }

    [SuppressMessage("Security", "CA5364", Justification = "Sets the state of an old Windows, to test that the module corrects it. Nothing is sent.")]
    private static void ShowSecurityProtocols(Action open)
    {
        foreach (SecurityProtocolType before in new[] { SecurityProtocolType.SystemDefault, SecurityProtocolType.Tls })
        {
            ServicePointManager.SecurityProtocol = before;
            open();
            Console.WriteLine($"{before} becomes: {ServicePointManager.SecurityProtocol}");
        }
    }

    /// <summary>
    /// The .NET Framework does not name the requesting assembly if LoadFrom loaded it, as for the module. Mono always names it.
    /// </summary>
    private static void ShowRequests(string lib)
    {
        string json = typeof(AcsEmulator).Assembly.GetReferencedAssemblies().Single(reference => reference.Name == "System.Text.Json").FullName;
        Console.WriteLine($"requester unknown, reference of the module: {Answer(json, null)}");
        Console.WriteLine($"requester unknown, another version: {Answer("System.Text.Json, Version=4.0.0.0", null)}");
        Console.WriteLine($"requester in lib, another version: {Answer("System.Text.Json, Version=4.0.0.0", LoadedFrom(lib).First())}");
        Console.WriteLine($"requester outside the module: {Answer(json, typeof(Program).Assembly)}");
    }

    private static string Answer(string name, Assembly? requester) =>
        ModuleAssemblies.Resolve(null, new ResolveEventArgs(name, requester))?.GetName().Name ?? "not resolved";

    private static IEnumerable<Assembly> LoadedFrom(string folder) =>
        AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic && Path.GetDirectoryName(assembly.Location) == folder);
}
