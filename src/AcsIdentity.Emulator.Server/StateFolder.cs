using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator.Entra;

namespace AcsIdentity.Emulator.Server;

/// <summary>A folder that keeps the key, the ids, the secrets and the certificate from one start to the next. It keeps no identities.</summary>
internal sealed class StateFolder : IDisposable
{
    private const string SettingsName = "state.json";
    private const string LockName = "lock";
    private const int Version = 1;

    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private readonly string _path;
    private readonly FileStream _lock;

    private StateFolder(string path, FileStream @lock, Settings kept)
    {
        _path = path;
        _lock = @lock;
        Kept = kept;
    }

    public Settings Kept { get; }

    /// <summary>The file of the certificate, without its key. It exists after <see cref="LoadCertificate"/>.</summary>
    public string CertificatePath => Path.Combine(_path, "https.pem");

    /// <summary>Opens a folder, and fills it if it is new or empty.</summary>
    /// <exception cref="IOException">The folder has other files, or another emulator uses it.</exception>
    /// <exception cref="FormatException">The state cannot be read.</exception>
    public static StateFolder Open(string path)
    {
        bool isForeign = Directory.Exists(path) && !File.Exists(Path.Combine(path, SettingsName))
            && Directory.EnumerateFileSystemEntries(path).Any(entry => Path.GetFileName(entry) != LockName);
        if (isForeign)
        {
            throw new IOException($"--state: the folder {path} has other files and no {SettingsName}. Name an empty folder, or one that does not exist.");
        }

        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        FileStream @lock = Lock(path);
        try
        {
            return new StateFolder(path, @lock, ReadOrCreate(path));
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Loads the HTTPS certificate. Creates it if there is none, or if it expires within a day.</summary>
    /// <exception cref="FormatException">The certificate cannot be read.</exception>
    public X509Certificate2 LoadCertificate()
    {
        string file = Path.Combine(_path, "https.pfx");
        X509Certificate2? certificate = File.Exists(file) ? ReadCertificate(file) : null;
        if (certificate is null || certificate.NotAfter < DateTime.Now.AddDays(1))
        {
            certificate?.Dispose();
            certificate = ServerCertificate.Create();
            PrivateFile.Write(file, certificate.Export(X509ContentType.Pkcs12));
        }

        PrivateFile.Write(CertificatePath, Encoding.UTF8.GetBytes(certificate.ExportCertificatePem() + "\n"));
        return certificate;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new FileStream(Path.Combine(path, LockName), options);
        }
        catch (IOException problem)
        {
            throw new IOException($"--state: another emulator uses the folder {path}. Name another folder: {problem.Message}", problem);
        }
    }

    private static Settings ReadOrCreate(string path)
    {
        string file = Path.Combine(path, SettingsName);
        if (!File.Exists(file))
        {
            Settings created = Settings.Create();
            PrivateFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(created, _json));
            return created;
        }

        try
        {
            Settings? kept = JsonSerializer.Deserialize<Settings>(File.ReadAllBytes(file), _json);
            if (kept?.Version != Version)
            {
                throw new FormatException($"Its version is not {Version}.");
            }

            // An error now names the file.
            _ = Convert.FromBase64String(kept.AccessKey);
            return kept;
        }
        catch (Exception problem) when (problem is JsonException or FormatException)
        {
            throw Unreadable(file, problem);
        }
    }

    private static X509Certificate2 ReadCertificate(string file)
    {
        try
        {
            return ServerCertificate.Read(file, password: null);
        }
        catch (CryptographicException problem)
        {
            throw Unreadable(file, problem);
        }
    }

    private static FormatException Unreadable(string file, Exception problem) =>
        new($"--state: {file} is not a file of this program: {problem.Message} Remove the folder to start with new keys and ids.", problem);

    /// <summary>What a start takes from the one before.</summary>
    internal sealed record Settings(
        int Version, string AccessKey, Guid ResourceId, Guid TenantId, Guid ClientId, string ClientSecret, Guid ManagedIdentityClientId, string IdentityHeader)
    {
        public static Settings Create()
        {
            var entra = new EntraOptions();
            return new Settings(
                StateFolder.Version,
                Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)),
                Guid.NewGuid(),
                entra.TenantId,
                entra.ClientId,
                entra.ClientSecret,
                entra.ManagedIdentityClientId,
                entra.IdentityHeader);
        }
    }
}
