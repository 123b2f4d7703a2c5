# Microsoft's Azurite: a table service on loopback, in the version that the xunit tests pin and install.
. $PSScriptRoot/../../../build/PowerShellProcess.ps1

# Starts it, installing it first if it is not there. Returns its process and account, or Missing: why it cannot be had.
function Open-Azurite {
    $folder = Join-Path $PSScriptRoot '../../../artifacts/bin/AcsIdentity.Tests/release/Ledger/Azurite'
    if (-not (Get-Command node, npm -ErrorAction Ignore)) {
        return @{ Missing = 'Node.js is not installed' }
    }

    $program = Join-Path $folder 'node_modules/azurite/dist/src/table/main.js'
    if (-not (Test-Path $program)) {
        # What npm writes to the error stream would be an error in Windows PowerShell.
        $ErrorActionPreference = 'Continue'
        [void](npm install --prefix $folder --no-package-lock --no-audit --no-fund --prefer-offline 2>&1)
        if (-not (Test-Path $program)) {
            return @{ Missing = 'npm cannot install Azurite' }
        }
    }

    $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $port = $probe.LocalEndpoint.Port
    $probe.Stop()
    $start = Get-ProcessStartInfo node $program, '--tablePort', $port, '--inMemoryPersistence', '--silent', '--disableTelemetry'
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    do {
        $line = $process.StandardOutput.ReadLine()
    } until ($line -match 'successfully' -or $process.HasExited)
    [void]$process.StandardOutput.ReadToEndAsync()
    @{
        Missing          = $null
        Process          = $process
        Account          = "http://127.0.0.1:$port/devstoreaccount1"
        # The account and key that each Azurite has; they are published.
        ConnectionString = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;TableEndpoint=http://127.0.0.1:$port/devstoreaccount1;"
    }
}

function Close-Azurite($Azurite) {
    if ($Azurite.Process) {
        $Azurite.Process.Kill()
    }
}
