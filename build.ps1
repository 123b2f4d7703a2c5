#!/usr/bin/env pwsh
#Requires -Version 5.1
<#
.SYNOPSIS
Builds, shows, tests, checks and packs AcsIdentity.
.DESCRIPTION
Build       the solution, and with it an importable module in artifacts/module/AcsIdentity
Quickstart  the main job against the embedded emulator: samples/quickstart.ps1
Test        xunit and Pester; the last line is 'N passed, M failed, K skipped' over both
Analyze     code style, and PSScriptAnalyzer over the scripts
Package     the module as artifacts/AcsIdentity-<version>.zip
Clean       removes what the other tasks made
.EXAMPLE
./build.ps1 Test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Quickstart', 'Test', 'Analyze', 'Package', 'Clean')]
    [string] $Task = 'Build',

    # Which client library to link. Unless given, the feeds are asked and the package is taken where it can be restored.
    [ValidateSet('package', 'standin')]
    [string] $AzureSdk
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$artifacts = Join-Path $root 'artifacts'
$module = Join-Path $artifacts 'module/AcsIdentity'
$packages = ([xml](Get-Content -Raw (Join-Path $root 'Directory.Packages.props'))).Project.PropertyGroup

function Invoke-Dotnet {
    # On the error stream: what a task has to say is its own output.
    & dotnet @args 2>&1 | ForEach-Object { [Console]::Error.WriteLine($_) }
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE."
    }
}

function Get-AzureSdk {
    $sdk = $script:AzureSdk
    if (-not $sdk) {
        $service = Join-Path $root 'src/AcsIdentity.Service/AcsIdentity.Service.csproj'
        & dotnet restore $service '-p:AzureSdk=package' --verbosity quiet *> $null
        $sdk = if ($LASTEXITCODE -eq 0) { 'package' } else { 'standin' }
    }

    $name = if ($sdk -eq 'package') { 'Azure.Communication.Identity' } else { 'AcsIdentity.SdkStandIn (no feed has Azure.Communication.Identity, or the stand-in was asked for)' }
    [Console]::Error.WriteLine("Linking $name.")
    $sdk
}

function Invoke-Build {
    Invoke-Dotnet build (Join-Path $root 'AcsIdentity.sln') --configuration Release --verbosity quiet -nologo "-p:AzureSdk=$(Get-AzureSdk)"
}

# The module where it is installed, else from the gallery into artifacts/tools, else nothing.
function Find-PSModule([string] $Name, [string] $Version) {
    $tools = Join-Path $artifacts 'tools'
    if ($env:PSModulePath -notlike "$tools*") {
        $env:PSModulePath = $tools + [IO.Path]::PathSeparator + $env:PSModulePath
    }

    $installed = { Get-Module -ListAvailable $Name | Where-Object Version -EQ $Version | Select-Object -First 1 }
    if (-not (& $installed) -and (Get-Command Save-PSResource -ErrorAction Ignore)) {
        [void](New-Item -ItemType Directory -Force $tools)
        Save-PSResource $Name -Version $Version -Path $tools -TrustRepository -ErrorAction SilentlyContinue
    }

    & $installed
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
    $pester = Find-PSModule Pester $packages.PesterVersion
    if (-not $pester) {
        $written = (Get-ChildItem $tests -Filter *.Tests.ps1 | Select-String -Pattern '^\s*It ').Count
        Write-Host "Pester $($packages.PesterVersion) is not installed and cannot be had from the gallery: the $written Pester tests did NOT run and count as skipped."
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

function Invoke-Analyze {
    Invoke-Dotnet format (Join-Path $root 'AcsIdentity.sln') --verify-no-changes
    $analyzer = Find-PSModule PSScriptAnalyzer $packages.PSScriptAnalyzerVersion
    if (-not $analyzer) {
        Write-Host "PSScriptAnalyzer $($packages.PSScriptAnalyzerVersion) is not installed and cannot be had from the gallery: the scripts were NOT analyzed."
        return
    }

    Import-Module $analyzer.Path
    $settings = Join-Path $root 'PSScriptAnalyzerSettings.psd1'
    $scripts = Get-ChildItem $root -Recurse -Include *.ps1, *.psd1 | Where-Object FullName -NotLike "$artifacts*"
    $findings = @($scripts | ForEach-Object { Invoke-ScriptAnalyzer -Path $_.FullName -Settings $settings })
    if ($findings) {
        $findings | Format-Table -AutoSize RuleName, ScriptName, Line, Message | Out-Host
        throw "PSScriptAnalyzer has $($findings.Count) findings."
    }

    Write-Host "$($scripts.Count) scripts analyzed, no findings."
}

function Invoke-Package {
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
    'Analyze' { Invoke-Analyze }
    'Package' { Invoke-Package }
    'Clean' { if (Test-Path $artifacts) { Remove-Item -Recurse -Force $artifacts } }
}
