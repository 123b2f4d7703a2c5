using System;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Tasks;

namespace AcsIdentity.Tests.Clients;

/// <summary>A running client program. It makes the requested calls one after the other.</summary>
internal sealed class ClientProgram : IAsyncDisposable
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Process _process;
    private readonly Task<string> _error;

    private ClientProgram(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <param name="client">The client.</param>
    /// <param name="certificatePath">A certificate to trust; null for none.</param>
    /// <param name="package">The package of the client; null for the default.</param>
    public static ClientProgram Start(InstalledClient client, string? certificatePath, string? package = null)
    {
        var start = new ProcessStartInfo(client.Program, package is null ? [client.Script] : [client.Script, package])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (certificatePath is not null)
        {
            start.Environment[client.CertificateVariable] = certificatePath;
        }

        return new ClientProgram(Process.Start(start)!);
    }

    public async Task<ClientAnswer> AskAsync(ClientCall call)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(call, _json));
        string? answer = await _process.StandardOutput.ReadLineAsync();
        return answer is null
            ? throw new InvalidOperationException("The client program has ended: " + await _error)
            : JsonSerializer.Deserialize<ClientAnswer>(answer, _json)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
