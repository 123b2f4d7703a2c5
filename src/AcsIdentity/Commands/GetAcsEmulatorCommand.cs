using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Commands;

/// <summary>Shows the emulator of this process, or its connection string. Writes nothing if none runs.</summary>
[Cmdlet(VerbsCommon.Get, "AcsEmulator", HelpUri = HelpPages.Folder + "Get-AcsEmulator.md")]
[OutputType(typeof(AcsEmulator), typeof(string))]
public sealed class GetAcsEmulatorCommand : PSCmdlet
{
    /// <summary>Writes the connection string, which contains the access key. A script in ConstrainedLanguage may not call the method.</summary>
    [Parameter]
    public SwitchParameter ConnectionString { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (AcsEmulator.Current is { } emulator)
        {
            WriteObject(ConnectionString ? emulator.GetConnectionString() : emulator);
        }
    }
}
