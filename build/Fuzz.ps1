# Runs the fuzz targets in tests/AcsIdentity.Tests/Fuzzing, and reports on each. Dot-sourced by build.ps1.

<#
.SYNOPSIS
Runs targets on a million inputs together, and shows for each the inputs, the time and the failures. Returns whether none failed.
.DESCRIPTION
The environment variables CsCheck_Iter (inputs of each target) or CsCheck_Time (seconds of each target) say how long to run
instead. CsCheck_Seed sets the first input.
#>
function Invoke-FuzzTarget([string] $Name) {
    $all = @(Get-ChildItem (Join-Path $root 'tests/AcsIdentity.Tests/Fuzzing') -Filter *Fuzz.cs)
    $targets = @($all | Where-Object BaseName -Like "$Name*")
    if (-not $targets) {
        throw "No target has the name $Name. The targets are $($all.BaseName -join ', ')."
    }

    $results = Join-Path $artifacts 'fuzz'
    if (Test-Path $results) {
        Remove-Item -Recurse -Force $results
    }

    $isGiven = $env:CsCheck_Iter -or $env:CsCheck_Time
    if (-not $isGiven) {
        # A theory makes its own inputs, so a million come from the facts.
        $facts = @($targets | Select-String -SimpleMatch '[Fact]').Count
        $env:CsCheck_Iter = [Math]::Ceiling(1000000 / [Math]::Max($facts, 1))
    }

    try {
        $filter = ($targets | ForEach-Object { "FullyQualifiedName~AcsIdentity.Tests.Fuzzing.$($_.BaseName)." }) -join '|'
        Write-Step "Running $($targets.BaseName -join ', ')."
        & dotnet test (Join-Path $root 'tests/AcsIdentity.Tests') --no-build --configuration Release --nologo --filter $filter --logger trx --results-directory $results 2>&1 |
            ForEach-Object { Write-Step $_ }
        $hasEndedBadly = $LASTEXITCODE -ne 0
    }
    finally {
        if (-not $isGiven) {
            Remove-Item Env:CsCheck_Iter
        }
    }

    $runs = @(Get-ChildItem $results -Filter *.trx -ErrorAction Ignore | ForEach-Object { Read-FuzzRun $_.FullName })
    if ($hasEndedBadly -and -not @($runs | Where-Object Failure)) {
        throw 'The run did not end well; its output is above.'
    }

    foreach ($target in $runs | Group-Object Target | Sort-Object Name) {
        $time = [TimeSpan]::FromSeconds(($target.Group | Measure-Object Seconds -Sum).Sum)
        $failures = @($target.Group | Where-Object Failure).Count
        Write-Host ('{0,-22} {1,10:N0} inputs in {2:hh\:mm\:ss}, {3} failures' -f $target.Name, ($target.Group | Measure-Object Inputs -Sum).Sum, $time, $failures)
    }

    foreach ($run in $runs | Where-Object Failure) {
        Write-Host "`n$($run.Test)`n    $($run.Failure -replace '\r?\n', "`n    ")"
    }

    Write-Host ('{0:N0} inputs, {1} failures' -f ($runs | Measure-Object Inputs -Sum).Sum, @($runs | Where-Object Failure).Count)
    -not $hasEndedBadly
}

# Reads the results of a run: of each test the target, the number of inputs, the seconds, and the failure.
function Read-FuzzRun([string] $Path) {
    foreach ($result in ([xml](Get-Content -Raw $Path)).SelectNodes('//*[local-name()="UnitTestResult"]')) {
        $output = $result.SelectSingleNode('*[local-name()="Output"]/*[local-name()="StdOut"]')
        $failure = $result.SelectSingleNode('*[local-name()="Output"]/*[local-name()="ErrorInfo"]/*[local-name()="Message"]')
        [pscustomobject]@{
            Test = $result.testName
            Target = $result.testName -replace '^AcsIdentity\.Tests\.Fuzzing\.(\w+)\..*$', '$1'
            Inputs = if ("$($output.InnerText)" -match '(\d+) inputs') { [long]$Matches[1] } else { 0 }
            Seconds = [TimeSpan]::Parse($result.duration, [cultureinfo]::InvariantCulture).TotalSeconds
            Failure = if ($failure) { $failure.InnerText }
        }
    }
}
