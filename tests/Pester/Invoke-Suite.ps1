<#
.SYNOPSIS
Runs the Pester suite in this process and writes the counts to a file.
.DESCRIPTION
Started by build.ps1 Test in a process of its own, because the tests load the module that the next build replaces.
#>
[CmdletBinding()]
param(
    # The Pester module to use.
    [Parameter(Mandatory)] [string] $PesterPath,

    # The built module under test.
    [Parameter(Mandatory)] [string] $ModulePath,

    # Where the counts go, as JSON: Passed, Failed, Skipped.
    [Parameter(Mandatory)] [string] $SummaryPath
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
$run = Invoke-Pester -Configuration $configuration

# A file or block that fails outside of its tests fails them all, yet may count none.
$brokenOutside = $run.FailedContainersCount + $run.FailedBlocksCount
@{
    Passed  = $run.PassedCount
    Failed  = $run.FailedCount + $(if ($run.FailedCount -eq 0) { $brokenOutside } else { 0 })
    Skipped = $run.SkippedCount + $run.NotRunCount
} | ConvertTo-Json | Set-Content $SummaryPath
