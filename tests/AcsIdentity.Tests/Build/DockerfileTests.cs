using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Build;

/// <summary>The emulator's Dockerfile, without a container engine: its RUN and ENTRYPOINT, in a folder with what .dockerignore lets through.</summary>
public sealed class DockerfileTests : IDisposable
{
    private static readonly string[] _instructions = File.ReadAllLines(Path.Combine(Repository.Root, "src/AcsIdentity.Emulator.Server/Dockerfile"));

    private readonly string _context = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_context, recursive: true);

    [Fact]
    public void Images_are_of_the_version_that_the_program_targets()
    {
        string project = File.ReadAllText(Path.Combine(Repository.Root, "src/AcsIdentity.Emulator.Server/AcsIdentity.Emulator.Server.csproj"));
        string version = project.Split("<TargetFramework>net")[1].Split('<')[0];

        Assert.All(Arguments("FROM"), image => Assert.Matches($@"^mcr\.microsoft\.com/dotnet/(sdk|aspnet):{version}( AS build)?$", image));
    }

    [Fact]
    public async Task Program_is_built_from_the_context_and_answers_as_the_entry_point()
    {
        CopyContext();
        string app = Path.Combine(_context, "app");
        string[] build = Assert.Single(Arguments("RUN")).Replace("/app", app, StringComparison.Ordinal).Split(' ');
        Assert.Null(await ExternalProgram.RunAsync(new ProcessStartInfo(build[0], build[1..]) { WorkingDirectory = _context }));

        string[] entry = [.. Assert.Single(Arguments("ENTRYPOINT")).Trim('[', ']').Split(',').Select(word => word.Trim(' ', '"'))];
        var start = new ProcessStartInfo(entry[0], [.. entry[1..], "--port", "0"]) { WorkingDirectory = app, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        try
        {
            string line = (await process.StandardOutput.ReadLineAsync())!;
            using var client = new HttpClient();

            string state = await client.GetStringAsync(new Uri(new Uri(line.Split("endpoint=")[1].Split(';')[0]), "emulator/identities"));

            Assert.Contains("\"count\":0", state, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
    }

    private static string[] Arguments(string instruction) =>
        [.. _instructions.Where(line => line.StartsWith(instruction + " ", StringComparison.Ordinal)).Select(line => line[(instruction.Length + 1)..])];

    /// <summary>Copies the files that .dockerignore names with an exclamation mark; it must exclude all others.</summary>
    private void CopyContext()
    {
        string[] rules = [.. File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore")).Where(line => line.Length > 0 && line[0] != '#')];
        Assert.Equal("*", rules[0]);
        foreach (string name in rules[1..].Select(rule => rule.TrimStart('!')))
        {
            foreach (string file in Directory.EnumerateFiles(Repository.Root, name))
            {
                File.Copy(file, Path.Combine(_context, Path.GetFileName(file)));
            }

            foreach (string file in Directory.EnumerateDirectories(Repository.Root, name).SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)))
            {
                string copy = Path.Combine(_context, Path.GetRelativePath(Repository.Root, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }
}
