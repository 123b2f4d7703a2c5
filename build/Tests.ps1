# Runs xunit and Pester, and reports on both together. Dot-sourced by build.ps1.

<#
.SYNOPSIS
Runs the tests, lists what failed and why tests were skipped, and ends with 'N passed, M failed, K skipped'. Returns whether
none failed.
#>
function Invoke-Test([string] $Name, [string] $ModulePath, [string] $PowerShell) {
    $runs = @(Invoke-Xunit $Name; Invoke-PesterSuite $Name $ModulePath $PowerShell)
    $failures = @($runs | ForEach-Object Failures)
    $skips = @($runs | ForEach-Object Skips)
    $passed = ($runs | Measure-Object Passed -Sum).Sum
    $skipped = [int]($skips | ForEach-Object Count | Measure-Object -Sum).Sum

    if ($skips) {
        Write-Host "`nSkipped:"
        $skips | Group-Object Reason | ForEach-Object { Write-Host "  $(($_.Group | ForEach-Object Count | Measure-Object -Sum).Sum) x $($_.Name)" }
    }

    if ($failures) {
        Write-Host "`nFailed:"
        $failures | ForEach-Object { Write-Host "  $($_.Name)`n    $($_.Message -replace '\r?\n', "`n    ")" }
    }

    if ($passed -eq 0 -and -not $failures) {
        Write-Host "No test ran$(if ($Name) { ": none is named $Name" })."
    }

    Write-Host "$passed passed, $($failures.Count) failed, $skipped skipped"
    -not $failures -and $passed -gt 0
}

# The outcome of a suite: the number of tests passed, failures with Name and Message, and skips with Reason and Count.
function ConvertTo-Outcome([int] $Passed = 0, [object[]] $Failures = @(), [object[]] $Skips = @()) {
    [pscustomobject]@{ Passed = $Passed; Failures = $Failures; Skips = $Skips }
}

function Invoke-Xunit([string] $Name) {
    $results = Join-Path $artifacts 'test-results'
    if (Test-Path $results) {
        Remove-Item -Recurse -Force $results
    }

    # 'Quota*' becomes ~.Quota: a part of the namespace, class or method that begins so.
    $filter = if ($Name) { '--filter', ((".$Name" -split '\*' | Where-Object { $_ -and $_ -ne '.' } | ForEach-Object { "FullyQualifiedName~$_" }) -join '&') }
    Write-Step 'Running xunit.'
    & dotnet test (Join-Path $root 'AcsIdentity.sln') --no-build --configuration Release --nologo --logger trx --logger 'console;verbosity=normal' --results-directory $results @filter |
        Show-TestClass
    $hasEndedBadly = $LASTEXITCODE -ne 0

    $outcome = ConvertTo-Outcome
    foreach ($file in Get-ChildItem $results -Filter *.trx -ErrorAction Ignore) {
        foreach ($result in ([xml](Get-Content -Raw $file.FullName)).SelectNodes('//*[local-name()="UnitTestResult"]')) {
            $message = $result.SelectSingleNode('*[local-name()="Output"]/*[local-name()="ErrorInfo"]')
            switch ($result.outcome) {
                'Passed' { $outcome.Passed++ }
                'Failed' { $outcome.Failures += @{ Name = $result.testName; Message = "$($message.Message)`n$($message.StackTrace)" } }
                default { $outcome.Skips += @{ Reason = $message.Message; Count = 1 } }
            }
        }
    }

    # A run that died has written no result that tells.
    if ($hasEndedBadly -and -not $outcome.Failures) {
        $outcome.Failures += @{ Name = 'xunit'; Message = 'The run did not end well; its output is above.' }
    }

    $outcome
}

# Shows each test class as its first result comes in, failed tests, and everything that is not about a test.
filter Show-TestClass {
    begin {
        $seen = @{}
    }
    process {
        if ($_ -match '^\s+(Passed|Skipped|Failed) AcsIdentity\.Tests\.([\w.]+)\.\w+') {
            if (-not $seen[$Matches[2]]) {
                $seen[$Matches[2]] = $true
                Write-Host "  $($Matches[2])"
            }

            if ($Matches[1] -eq 'Failed') {
                Write-Host $_
            }
        }
        elseif ($_ -notmatch '^\[xUnit\.net|^\s*$') {
            Write-Host $_
        }
    }
}

function Invoke-PesterSuite([string] $Name, [string] $ModulePath, [string] $PowerShell) {
    $tests = Join-Path $root 'tests/Pester'
    $pester = Restore-PSModule Pester
    if (-not $pester) {
        $written = (Get-ChildItem $tests -Filter *.Tests.ps1 | Select-String -Pattern '^\s*It ').Count
        Write-Host "The $written Pester tests did NOT run; they count as skipped."
        $missing = if ($env:REQUIRE_PESTER) { @{ Name = 'Pester'; Message = 'REQUIRE_PESTER is set, and Pester cannot be had.' } }
        return ConvertTo-Outcome -Failures @($missing | Where-Object { $_ }) -Skips @{ Reason = 'Pester cannot be had'; Count = $written }
    }

    # A process of its own: the tests load the module, and a loaded assembly cannot be built anew.
    $summary = Join-Path $artifacts 'pester-summary.json'
    if (Test-Path $summary) {
        Remove-Item $summary
    }

    $program, [string[]] $arguments = if ($PowerShell) { $PowerShell } else { Get-PowerShellCommand }
    Write-Step "Running Pester $($pester.Version) in $(if ($PowerShell) { $PowerShell } else { "PowerShell $($PSVersionTable.PSVersion)" })."
    # In quotes, or PowerShell puts the files of that name in place of a wildcard.
    & $program @arguments -NoProfile -NonInteractive -File (Join-Path $tests 'Invoke-Suite.ps1') -PesterPath $pester.Path -ModulePath $ModulePath -SummaryPath $summary -Name "$Name" |
        # What -WhatIf says goes to the host, where a test cannot catch it.
        Where-Object { $_ -notlike 'What if: *' } |
        Out-Host
    if (-not (Test-Path $summary)) {
        return ConvertTo-Outcome -Failures @{ Name = 'Pester'; Message = 'The suite did not run to its end; its output is above.' }
    }

    Get-Content -Raw $summary | ConvertFrom-Json
}
