using System;
using System.Threading.Tasks;
using Xunit;

namespace AcsIdentity.Tests.Clients;

/// <summary>The languages of the clients under test.</summary>
public enum ClientLanguage
{
    /// <summary>npm's @azure/communication-identity.</summary>
    JavaScript,

    /// <summary>azure-communication-identity, from Debian's python3-azure or from PyPI.</summary>
    Python,
}

/// <summary>One of Microsoft's published clients on this machine.</summary>
/// <param name="Program">The program that runs the script.</param>
/// <param name="Script">The script that drives the client.</param>
/// <param name="CertificateVariable">The environment variable that names a certificate to trust.</param>
internal sealed record InstalledClient(string Program, string Script, string CertificateVariable)
{
    private static readonly Lazy<Task<InstalledClient>> _javaScript = new(JavaScriptClient.InstallAsync);
    private static readonly Lazy<Task<InstalledClient>> _python = new(PythonClient.FindAsync);

    /// <exception cref="SkipException">The client is not installed; the message says why.</exception>
    public static Task<InstalledClient> GetAsync(ClientLanguage language) => language switch
    {
        ClientLanguage.JavaScript => _javaScript.Value,
        _ => _python.Value,
    };
}
