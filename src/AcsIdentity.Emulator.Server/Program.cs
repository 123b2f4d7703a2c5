using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Invocation;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Server;

var commandLine = new CommandLine();
commandLine.Command.SetAction(RunAsync);
ParseResult parsedArguments = commandLine.Command.Parse(args);
if (parsedArguments.Action is ParseErrorAction refusal)
{
    // The list of all options would hide the error.
    refusal.ShowHelp = false;
}

return await parsedArguments.InvokeAsync().ConfigureAwait(false);

async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
{
    try
    {
        using X509Certificate2? clientCertificate = commandLine.LoadClientCertificate(parsed);
        using StateFolder? state = commandLine.OpenState(parsed);
        using var emulator = new IdentityEmulator(commandLine.GetEmulatorOptions(parsed, clientCertificate, state));
        using X509Certificate2? certificate = commandLine.LoadServerCertificate(parsed, state);
        KestrelHost host = await KestrelHost.StartAsync(emulator, commandLine.GetServerOptions(parsed, certificate)).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            // After the start: a second program that finds its port in use must not replace the certificate of the first.
            if (certificate is not null && commandLine.GetCertificatePath(parsed) is { } path)
            {
                await File.WriteAllTextAsync(path, certificate.ExportCertificatePem() + "\n", stopping).ConfigureAwait(false);
            }

            using EnvironmentFile? environmentFile = commandLine.WriteEnvironmentFile(parsed, host, state);
            PrintConnections(emulator, host);
            await WaitAsync(stopping).ConfigureAwait(false);
        }

        return 0;
    }
    catch (Exception problem) when (problem is FormatException or ArgumentException or OverflowException or IOException or CryptographicException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
        return 1;
    }
}

static void PrintConnections(IdentityEmulator emulator, KestrelHost host)
{
    Console.WriteLine($"Connection string (http): {emulator.ConnectionString(host.HttpEndpoint)}");
    Console.WriteLine("JavaScript over http also needs the client option allowInsecureConnection: true");
    if (host.HttpsEndpoint is { } https)
    {
        Console.WriteLine($"Connection string (https): {emulator.ConnectionString(https)}");
        PrintVariables("Environment to sign in as a service principal", ClientEnvironment.ServicePrincipal(emulator.Entra, https));
        PrintVariables("Or environment to sign in as a managed identity, without the variables above", ClientEnvironment.ManagedIdentity(emulator.Entra, https));
    }
}

static void PrintVariables(string purpose, IReadOnlyList<(string Name, string Value)> variables)
{
    Console.WriteLine();
    Console.WriteLine(purpose);
    foreach ((string name, string value) in variables)
    {
        Console.WriteLine($"{name}={value}");
    }
}

static async Task WaitAsync(CancellationToken stopping)
{
    try
    {
        await Task.Delay(Timeout.Infinite, stopping).ConfigureAwait(false);
    }
    catch (OperationCanceledException)
    {
        // SIGINT and SIGTERM end the program normally.
    }
}
