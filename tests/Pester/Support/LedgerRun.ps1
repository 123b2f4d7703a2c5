# Runs that create identities in processes of their own, against the emulator that the variable $emulator holds.

# Starts a run. Returns its process.
function Open-LedgerRun([string] $Ledger, [int] $First, [int] $Last, [string] $Storage, [switch] $ReuseExisting) {
    [string[]] $arguments = '-ModulePath', $env:ACSIDENTITY_MODULE_PATH, '-ConnectionString', $emulator.ConnectionString, '-Ledger', $Ledger, '-First', $First, '-Last', $Last
    if ($Storage) { $arguments += '-Storage', $Storage }
    if ($ReuseExisting) { $arguments += '-ReuseExisting' }
    $start = Get-PowerShellStartInfo "$PSScriptRoot/Invoke-LedgerRun.ps1" $arguments
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    [Diagnostics.Process]::Start($start)
}

# Waits for a run. Returns the ids that it wrote, its warnings among them, and what it wrote to the error stream.
function Close-LedgerRun($Run) {
    $errors = $Run.StandardError.ReadToEndAsync()
    $lines = $Run.StandardOutput.ReadToEnd() -split '\r?\n' -ne ''
    $Run.WaitForExit()
    @{ Ids = @($lines -like '8:acs:*'); Other = @($lines -notlike '8:acs:*'); Errors = $errors.Result; ExitCode = $Run.ExitCode }
}

# Starts a run, and kills it at a moment after its first create that the seed decides.
function Invoke-KilledRun([string] $Ledger, [int] $Last, [string] $Storage, [int] $Seed, [int] $LongestMilliseconds) {
    $before = Get-EmulatorCount
    $run = Open-LedgerRun $Ledger 1 $Last $Storage
    while ((Get-EmulatorCount) -eq $before -and -not $run.HasExited) {
        Start-Sleep -Milliseconds 5
    }

    Start-Sleep -Milliseconds ([Random]::new($Seed).Next($LongestMilliseconds))
    $run.Kill()
    $run.WaitForExit()
}

function Get-EmulatorCount {
    (Invoke-Emulator identities).count
}
