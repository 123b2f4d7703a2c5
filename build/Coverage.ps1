# Measures which lines of src the tests run: in xunit, and in the installed module. Dot-sourced by build.ps1.

$coverageFolder = Join-Path $artifacts 'coverage'
$coverageProject = Join-Path $root 'tests/Coverage'
$leastLineCoverage = 90

<#
.SYNOPSIS
Runs a command that tests the module, and reports on its coverage in artifacts/coverage. Fails if the tests fail or if they run
too few lines.
#>
function Measure-Coverage([string] $ModulePath, [string[]] $Command) {
    Clear-Folder $coverageFolder
    $folder = Split-Path $ModulePath
    foreach ($assembly in Get-ChildItem (Join-Path $folder 'Core') -Recurse -Filter AcsIdentity*.dll) {
        # The package has no symbols, and without them there are no lines.
        Copy-Item (Join-Path $artifacts "bin/$($assembly.BaseName)/release_net8.0/$($assembly.BaseName).pdb") $assembly.DirectoryName
    }

    $env:COVERAGE_MODULE = $folder
    $env:COVERAGE_COMMAND = ($Command | ForEach-Object { """$_""" }) -join ' '
    $env:COVERAGE_RESULTS = $coverageFolder
    Invoke-Dotnet restore $coverageProject --verbosity quiet
    try {
        Invoke-Dotnet msbuild $coverageProject -nologo '-t:Measure'
    }
    finally {
        Write-CoverageReport
    }
}

function Write-CoverageReport {
    # The tool has a manifest of its own: a feed without it must not break the restore of PowerShell.
    Push-Location $coverageProject
    try {
        Invoke-Dotnet tool restore
        Invoke-Dotnet reportgenerator "-reports:$coverageFolder/*.xml" "-targetdir:$coverageFolder" '-reporttypes:Cobertura;TextSummary;MarkdownSummaryGithub;Html' '-verbosity:Warning'
    }
    finally {
        Pop-Location
    }

    Write-UncoveredLine
    $summary = [IO.File]::ReadAllText("$coverageFolder/Summary.txt")
    $percent = [double][regex]::Match($summary, 'Line coverage: ([\d.]+)%').Groups[1].Value
    Write-Host "Line coverage: $percent %. artifacts/coverage/uncovered.txt lists the lines that no test ran."
    if ($percent -lt $leastLineCoverage) {
        throw "The line coverage is below $leastLineCoverage %."
    }
}

# Lists the lines that no test ran, by file.
function Write-UncoveredLine {
    $report = [xml][IO.File]::ReadAllText("$coverageFolder/Cobertura.xml")
    $report.SelectNodes('//class') | Group-Object filename | Sort-Object Name | ForEach-Object {
        $lines = $_.Group | ForEach-Object { $_.SelectNodes('lines/line[@hits="0"]') } | ForEach-Object { [int]$_.number } | Sort-Object -Unique
        if ($lines) {
            "$([IO.Path]::GetRelativePath($root, $_.Name).Replace('\', '/')): $($lines -join ', ')"
        }
    } | Set-Content "$coverageFolder/uncovered.txt"
}
