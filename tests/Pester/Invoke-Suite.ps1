<#
.SYNOPSIS
Runs the Pester suite in this process and writes the outcome to a file.
.DESCRIPTION
Started by build.ps1 Test in a process of its own, because the tests load the module that the next build replaces.
#>
[CmdletBinding()]
param(
    # The Pester module to use.
    [Parameter(Mandatory)] [string] $PesterPath,

    # The built module under test.
    [Parameter(Mandatory)] [string] $ModulePath,

    # Where the outcome goes, as JSON: Passed (a number), Failures (Name, Message), Skips (Reason, Count).
    [Parameter(Mandatory)] [string] $SummaryPath,

    # Runs the files of that name, or where there is none, the tests. Takes wildcards.
    [string] $Name
)

$ErrorActionPreference = 'Stop'
$env:ACSIDENTITY_MODULE_PATH = $ModulePath
# Nothing of the machine's own set-up may decide where the tests connect to.
Remove-Item Env:COMMUNICATION_SERVICES_CONNECTION_STRING, Env:AZURE_COMMUNICATION_CONNECTION_STRING -ErrorAction Ignore

Import-Module $PesterPath
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
if ($Name) {
    $files = Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1 | Where-Object { $_.Name -like "$Name.Tests.ps1" }
    if ($files) {
        $configuration.Run.Path = $files.FullName
    }
    else {
        $configuration.Filter.FullName = "*$Name*"
    }
}

$run = Invoke-Pester -Configuration $configuration

$failures = @(
    foreach ($test in $run.Failed) {
        @{ Name = "$($test.ExpandedPath) ($(Split-Path -Leaf $test.ScriptBlock.File):$($test.StartLine))"; Message = ($test.ErrorRecord | ForEach-Object { $_.Exception.Message }) -join "`n" }
    }
    # A file or block that fails outside of its tests may count none of them.
    foreach ($broken in @($run.FailedContainers) + @($run.FailedBlocks | Where-Object { -not $run.Failed })) {
        @{ Name = "$($broken.Path ?? $broken)"; Message = ($broken.ErrorRecord | ForEach-Object { $_.Exception.Message }) -join "`n" }
    }
)
$skips = @($run.Skipped | Group-Object { $_.ErrorRecord.Exception.Message -replace '^is skipped, because ' } | ForEach-Object { @{ Reason = $_.Name; Count = $_.Count } })
@{ Passed = $run.PassedCount; Failures = $failures; Skips = $skips } | ConvertTo-Json -Depth 4 | Set-Content $SummaryPath
