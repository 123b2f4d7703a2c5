<#
.SYNOPSIS
Runs the Pester suite in this process and writes the results to a file.
.DESCRIPTION
build.ps1 Test starts it in a separate process, because the tests load the module that the next build replaces.
#>
[CmdletBinding()]
param(
    # The Pester module to use.
    [Parameter(Mandatory)] [string] $PesterPath,

    # The manifest of the module under test, in <folder>/AcsIdentity or, as installed, in <folder>/AcsIdentity/<version>.
    [Parameter(Mandatory)] [string] $ModulePath,

    # The file for the results, as JSON: Passed (a number), Failures (Name, Message), Skips (Reason, Count).
    [Parameter(Mandatory)] [string] $SummaryPath,

    # The name of the test files to run, or of the tests if no file has it. Takes wildcards.
    [string] $Name
)

$ErrorActionPreference = 'Stop'
$env:ACSIDENTITY_MODULE_PATH = $ModulePath
# Runbooks and parallel runspaces load the module by name.
$modules = Split-Path (Split-Path $ModulePath)
if ((Split-Path -Leaf $modules) -eq 'AcsIdentity') {
    $modules = Split-Path $modules
}

$env:PSModulePath = $modules + [IO.Path]::PathSeparator + $env:PSModulePath
# The tests must not connect to a resource that this machine is configured for.
Remove-Item Env:COMMUNICATION_SERVICES_CONNECTION_STRING, Env:AZURE_COMMUNICATION_CONNECTION_STRING, Env:ACS_IDENTITY_LEDGER -ErrorAction Ignore

# Windows PowerShell needs these, and PowerShell 7 ignores them: CSV without the line #TYPE, and pages without Internet Explorer.
$PSDefaultParameterValues['Export-Csv:NoTypeInformation'] = $PSDefaultParameterValues['ConvertTo-Csv:NoTypeInformation'] = $true
$PSDefaultParameterValues['Invoke-WebRequest:UseBasicParsing'] = $true

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
    # If a file or block fails outside its tests, Pester may count no failed test.
    foreach ($broken in @($run.FailedContainers) + @($run.FailedBlocks | Where-Object { -not $run.Failed })) {
        @{ Name = "$(if ($broken.Path) { $broken.Path } else { $broken })"; Message = ($broken.ErrorRecord | ForEach-Object { $_.Exception.Message }) -join "`n" }
    }
)
$skips = @($run.Skipped | Group-Object { $_.ErrorRecord.Exception.Message -replace '^is skipped, because ' } | ForEach-Object { @{ Reason = $_.Name; Count = $_.Count } })
@{ Passed = $run.PassedCount; Failures = $failures; Skips = $skips } | ConvertTo-Json -Depth 4 | Set-Content $SummaryPath -Encoding UTF8
