#!/usr/bin/env pwsh
#Requires -Version 7.4
<#
.SYNOPSIS
Builds, shows, tests, measures, fuzzes, checks, documents and packs AcsIdentity.
.DESCRIPTION
Build       the solution, and with it an importable module in artifacts/module/AcsIdentity
Quickstart  the main job against the embedded emulator: samples/quickstart.ps1
Test        xunit and Pester; the last line is 'N passed, M failed, K skipped' over both
Bench       the benchmarks, as Markdown; docs/performance.md says how they measure
Mutate      the mutation score of one project under its xunit tests (minutes to an hour; not part of any other task)
Fuzz        a million generated inputs over the emulator and the module's parsers (minutes; not part of any other task)
Analyze     code style, and PSScriptAnalyzer over the scripts
Docs        runs the examples of the help, updates their output, and makes docs/cmdlets from the help
Package     the module and the emulator as packages in artifacts/packages
Clean       removes what the other tasks made

The feeds are asked for Microsoft's package Azure.Communication.Identity, and it is linked where it can be restored; else
the stand-in is. The environment variable AzureSdk (package or standin) decides otherwise.
.EXAMPLE
./build.ps1 Test
.EXAMPLE
./build.ps1 Test -Name 'Bulk*'

Runs tests/Pester/Bulk.Tests.ps1, and of xunit what has a namespace, class or method that begins with Bulk.
.EXAMPLE
./build.ps1 Mutate -Name 'AcsIdentity.Service/Quota/*'

Mutates the files that match, and runs the tests of AcsIdentity.Service for each mutant. Without a path, mutates the project.
.EXAMPLE
./build.ps1 Fuzz -Name Entra

Runs one target. A failure prints the seed of its input; $env:CsCheck_Seed = '<seed>' and $env:CsCheck_Iter = 1 repeat it.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Quickstart', 'Test', 'Bench', 'Mutate', 'Fuzz', 'Analyze', 'Docs', 'Package', 'Clean')]
    [string] $Task = 'Build',

    # Test: the tests to run, by the name of a Pester file or an xunit class, or else of a test; takes wildcards.
    # Bench: the benchmark to run.
    # Mutate: the project, and after a slash which of its files; takes wildcards.
    # Fuzz: the target, by the beginning of its class; takes wildcards.
    [string] $Name,

    # Test: the PowerShell that runs Pester, such as powershell (Windows PowerShell). Without it, the one that runs this script.
    [string] $PowerShell,

    # Test: tests what the last run of Test built and packed.
    [switch] $NoBuild,

    # Test: also measures which lines of src the tests run; the report is in artifacts/coverage.
    [switch] $Coverage,

    # Bench: measures the packed module, which has native code, instead of the built one.
    [switch] $Packed
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$artifacts = Join-Path $root 'artifacts'
$module = Join-Path $artifacts 'module/AcsIdentity'
. (Join-Path $root 'build/PowerShellProcess.ps1')
. (Join-Path $root 'build/Dependencies.ps1')
. (Join-Path $root 'build/Tests.ps1')
. (Join-Path $root 'build/Docs.ps1')
. (Join-Path $root 'build/Package.ps1')
. (Join-Path $root 'build/Coverage.ps1')
. (Join-Path $root 'build/Fuzz.ps1')

# On the error stream: the output stream is for what the task has to say.
function Write-Step([string] $Message) {
    [Console]::Error.WriteLine($Message)
}

function Invoke-Dotnet {
    & dotnet @args 2>&1 | ForEach-Object { Write-Step $_ }
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE."
    }
}

function Invoke-Build([string[]] $Property = @()) {
    $sdk = Get-AzureSdk
    Write-Step 'Building AcsIdentity.sln.'
    Invoke-Dotnet build (Join-Path $root 'AcsIdentity.sln') --configuration Release --verbosity minimal -nologo "-p:AzureSdk=$sdk" @Property
}

function Invoke-TestTask([string] $Name, [string] $PowerShell, [switch] $NoBuild, [switch] $Coverage) {
    if (-not $NoBuild) {
        # Coverage needs the paths of the sources in the symbols.
        Invoke-Build @(if ($Coverage) { '-p:PathMap=' })
        # Coverage is measured in the IL.
        Invoke-Package -ILOnly:$Coverage
        Install-PackedModule
    }

    $installed = Get-TestedModule
    if ($Coverage) {
        $names = @{ Name = $Name; PowerShell = $PowerShell }.GetEnumerator() | Where-Object Value | ForEach-Object { "-$($_.Key)"; $_.Value }
        Measure-Coverage $installed (@(Get-PowerShellCommand) + '-NoProfile', '-File', $PSCommandPath, 'Test', '-NoBuild' + @($names))
    }
    elseif (-not (Invoke-Test $Name $installed $PowerShell)) {
        exit 1
    }
}

function Invoke-Bench([string] $Name, [switch] $Packed) {
    Invoke-Build
    if ($Packed) {
        Invoke-Package
        Install-PackedModule
        $env:ACSIDENTITY_MODULE_PATH = Get-TestedModule
    }

    $env:ACSIDENTITY_POWERSHELL = (Get-PowerShellCommand) -join "`n"
    $benchmark = if ($Name) { '--', $Name }
    & dotnet run --no-build --configuration Release --project (Join-Path $root 'tests/Benchmarks') @benchmark
    if ($LASTEXITCODE -ne 0) {
        throw "The benchmarks failed with exit code $LASTEXITCODE."
    }
}

function Invoke-Mutate([string] $Name) {
    $project, $files = $Name -split '/', 2
    $tests = @{ 'AcsIdentity' = 'Core', 'Calls'; 'AcsIdentity.Emulator' = 'Emulator'; 'AcsIdentity.Service' = 'Service' }[$project]
    if (-not $tests) {
        throw 'Mutate needs -Name AcsIdentity, AcsIdentity.Emulator or AcsIdentity.Service.'
    }

    $filter = ($tests | ForEach-Object { "FullyQualifiedName~AcsIdentity.Tests.$_." }) -join '|'
    # The tool has a manifest of its own: a feed without it must not break the restore of PowerShell.
    Push-Location (Join-Path $root 'tests/Mutation')
    try {
        Invoke-Dotnet tool restore
        # Each mutant starts a process, and for most of its life that uses one core.
        & dotnet stryker --project "$project.csproj" --mutate "**/$(if ($files) { $files } else { '*' })" --test-case-filter $filter --concurrency ([Environment]::ProcessorCount) --output (Join-Path $artifacts "mutation/$project")
        if ($LASTEXITCODE -ne 0) {
            throw "The mutation run failed with exit code $LASTEXITCODE."
        }
    }
    finally {
        Pop-Location
    }
}

function Invoke-Fuzz([string] $Name) {
    Invoke-Build
    if (-not (Invoke-FuzzTarget $Name)) {
        exit 1
    }
}

function Invoke-Analyze {
    Invoke-Dotnet format (Join-Path $root 'AcsIdentity.sln') --verify-no-changes
    $analyzer = Restore-PSModule PSScriptAnalyzer
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

switch ($Task) {
    'Build' { Invoke-Build; Write-Host "Import-Module $module" }
    'Quickstart' { Invoke-Build; & (Join-Path $root 'samples/quickstart.ps1') -ModulePath $module }
    'Test' { Invoke-TestTask -Name $Name -PowerShell $PowerShell -NoBuild:$NoBuild -Coverage:$Coverage }
    'Bench' { Invoke-Bench $Name -Packed:$Packed }
    'Mutate' { Invoke-Mutate $Name }
    'Fuzz' { Invoke-Fuzz $Name }
    'Analyze' { Invoke-Analyze }
    'Docs' { Invoke-Build; Invoke-HelpUpdate $module }
    'Package' { Invoke-Build; Invoke-Package }
    'Clean' { if (Test-Path $artifacts) { Remove-Item -Recurse -Force $artifacts } }
}
