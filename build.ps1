#!/usr/bin/env pwsh
#Requires -Version 7.4
<#
.SYNOPSIS
Builds, shows, tests, measures, checks and packs AcsIdentity.
.DESCRIPTION
Build       the solution, and with it an importable module in artifacts/module/AcsIdentity
Quickstart  the main job against the embedded emulator: samples/quickstart.ps1
Test        xunit and Pester; the last line is 'N passed, M failed, K skipped' over both
Bench       the benchmarks, as Markdown; docs/performance.md says how they measure
Analyze     code style, and PSScriptAnalyzer over the scripts
Package     the module as artifacts/AcsIdentity-<version>.zip
Clean       removes what the other tasks made

The feeds are asked for Microsoft's package Azure.Communication.Identity, and it is linked where it can be restored; else
the stand-in is. The environment variable AzureSdk (package or standin) decides otherwise.
.EXAMPLE
./build.ps1 Test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Quickstart', 'Test', 'Bench', 'Analyze', 'Package', 'Clean')]
    [string] $Task = 'Build'
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$artifacts = Join-Path $root 'artifacts'
$module = Join-Path $artifacts 'module/AcsIdentity'
$versions = [xml](Get-Content -Raw (Join-Path $root 'Directory.Packages.props'))

function Invoke-Dotnet {
    # On the error stream: what a task has to say is its own output.
    & dotnet @args 2>&1 | ForEach-Object { [Console]::Error.WriteLine($_) }
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE."
    }
}

function Get-AzureSdk {
    $sdk = $env:AzureSdk
    if (-not $sdk) {
        $service = Join-Path $root 'src/AcsIdentity.Service/AcsIdentity.Service.csproj'
        & dotnet restore $service '-p:AzureSdk=package' --verbosity quiet *> $null
        $sdk = if ($LASTEXITCODE -eq 0) { 'package' } else { 'standin' }
    }

    $name = if ($sdk -eq 'package') { 'Microsoft''s package Azure.Communication.Identity' } else { 'the stand-in for Azure.Communication.Identity' }
    [Console]::Error.WriteLine("Linking $name.")
    $sdk
}

function Invoke-Build {
    Invoke-Dotnet build (Join-Path $root 'AcsIdentity.sln') --configuration Release --verbosity quiet -nologo "-p:AzureSdk=$(Get-AzureSdk)"
}

# The module in the version that Directory.Packages.props pins: where it is installed, else from the gallery into
# artifacts/tools, else nothing.
function Find-PSModule([string] $Name) {
    $version = $versions.SelectSingleNode("//$($Name)Version").InnerText
    $tools = Join-Path $artifacts 'tools'
    if ($env:PSModulePath -notlike "$tools*") {
        $env:PSModulePath = $tools + [IO.Path]::PathSeparator + $env:PSModulePath
    }

    $installed = { Get-Module -ListAvailable $Name | Where-Object Version -EQ $version | Select-Object -First 1 }
    if (-not (& $installed) -and (Get-Command Save-PSResource -ErrorAction Ignore)) {
        [void](New-Item -ItemType Directory -Force $tools)
        Save-PSResource $Name -Version $version -Path $tools -TrustRepository -ErrorAction SilentlyContinue
    }

    $found = & $installed
    if (-not $found) {
        Write-Host "$Name $version is not installed and cannot be had from the gallery."
    }

    $found
}

function Invoke-Xunit {
    $results = Join-Path $artifacts 'test-results'
    if (Test-Path $results) {
        Remove-Item -Recurse -Force $results
    }

    & dotnet test (Join-Path $root 'AcsIdentity.sln') --no-build --configuration Release --nologo --logger trx --results-directory $results | Out-Host
    $failedToRun = $LASTEXITCODE -ne 0
    $count = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($file in Get-ChildItem $results -Filter *.trx -ErrorAction Ignore) {
        $counters = ([xml](Get-Content -Raw $file.FullName)).TestRun.ResultSummary.Counters
        $count.Passed += [int]$counters.passed
        $count.Failed += [int]$counters.failed
        $count.Skipped += [int]$counters.total - [int]$counters.passed - [int]$counters.failed
    }

    # A run that died has no counters to tell of it.
    if ($failedToRun -and $count.Failed -eq 0) {
        $count.Failed = 1
    }

    $count
}

function Invoke-PesterSuite {
    $tests = Join-Path $root 'tests/Pester'
    $pester = Find-PSModule Pester
    if (-not $pester) {
        $written = (Get-ChildItem $tests -Filter *.Tests.ps1 | Select-String -Pattern '^\s*It ').Count
        Write-Host "The $written Pester tests did NOT run; they count as skipped."
        return @{ Passed = 0; Failed = 0; Skipped = $written }
    }

    # A process of its own: the tests load the module, and a loaded assembly cannot be built anew.
    $summary = Join-Path $artifacts 'pester-summary.json'
    if (Test-Path $summary) {
        Remove-Item $summary
    }

    $engine = (Get-Process -Id $PID).Path
    & $engine -NoProfile -NonInteractive -File (Join-Path $tests 'Invoke-Suite.ps1') -PesterPath $pester.Path -ModulePath $module -SummaryPath $summary | Out-Host
    if (-not (Test-Path $summary)) {
        Write-Host 'The Pester suite did not run to its end.'
        return @{ Passed = 0; Failed = 1; Skipped = 0 }
    }

    Get-Content -Raw $summary | ConvertFrom-Json
}

function Invoke-Test {
    Invoke-Build
    $runs = @(Invoke-Xunit; Invoke-PesterSuite)
    $passed, $failed, $skipped = foreach ($outcome in 'Passed', 'Failed', 'Skipped') {
        ($runs | ForEach-Object { $_.$outcome } | Measure-Object -Sum).Sum
    }

    Write-Host "$passed passed, $failed failed, $skipped skipped"
    if ($failed -gt 0 -or $passed -eq 0) {
        exit 1
    }
}

function Invoke-Bench {
    Invoke-Build
    & dotnet run --no-build --configuration Release --project (Join-Path $root 'tests/Benchmarks')
    if ($LASTEXITCODE -ne 0) {
        throw "The benchmarks failed with exit code $LASTEXITCODE."
    }
}

function Invoke-Analyze {
    Invoke-Dotnet format (Join-Path $root 'AcsIdentity.sln') --verify-no-changes
    $analyzer = Find-PSModule PSScriptAnalyzer
    if (-not $analyzer) {
        Write-Host 'The scripts were NOT analyzed.'
        return
    }

    Import-Module $analyzer.Path
    # The manifest names files that lie beside it only once the module is built; there the Pester suite checks it.
    $scripts = Get-ChildItem $root -Recurse -Include *.ps1 | Where-Object FullName -NotLike "$artifacts*"
    $findings = @(foreach ($script in $scripts) {
            $nearest = Join-Path $script.DirectoryName 'PSScriptAnalyzerSettings.psd1'
            $settings = if (Test-Path $nearest) { $nearest } else { Join-Path $root 'PSScriptAnalyzerSettings.psd1' }
            Invoke-ScriptAnalyzer -Path $script.FullName -Settings $settings
        })
    if ($findings) {
        $findings | Format-Table -AutoSize RuleName, ScriptName, Line, Message | Out-Host
        throw "PSScriptAnalyzer has $($findings.Count) findings."
    }

    Write-Host "$($scripts.Count) scripts analyzed, no findings."
}

function Invoke-Package {
    # What an earlier build left behind is not to be shipped.
    if (Test-Path $module) { Remove-Item -Recurse -Force $module }
    Invoke-Build
    $manifest = Test-ModuleManifest (Join-Path $module 'AcsIdentity.psd1')
    $zip = Join-Path $artifacts "AcsIdentity-$($manifest.Version).zip"
    Compress-Archive -Path $module -DestinationPath $zip -Force
    Write-Host $zip
}

switch ($Task) {
    'Build' { Invoke-Build; Write-Host "Import-Module $module" }
    'Quickstart' { Invoke-Build; & (Join-Path $root 'samples/quickstart.ps1') -ModulePath $module }
    'Test' { Invoke-Test }
    'Bench' { Invoke-Bench }
    'Analyze' { Invoke-Analyze }
    'Package' { Invoke-Package }
    'Clean' { if (Test-Path $artifacts) { Remove-Item -Recurse -Force $artifacts } }
}
