# The emulator as a program of its own: it has HTTPS and a quota, and closes connections as the network does.

# Starts it on free ports, and gives back its process and what it says of itself, by name.
function Open-EmulatorProgram([string[]] $Arguments = @()) {
    $program = Join-Path $PSScriptRoot '../../../artifacts/bin/AcsIdentity.Emulator.Server/release/AcsIdentity.Emulator.Server.dll'
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet', [string[]](@($program, '--port', '0') + $Arguments))
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $last = $Arguments -contains '--https-port' ? 'IDENTITY_HEADER' : 'Connection string (http)'
    $facts = @{}
    do {
        $name, $value = $process.StandardOutput.ReadLine() -split ': |=', 2
        $facts[$name] = $value
    } until ($name -eq $last -or $process.HasExited)
    $connectionString = $facts['Connection string (http)']
    @{ Process = $process; ConnectionString = $connectionString; Endpoint = $connectionString -replace '^endpoint=|;.*'; Facts = $facts }
}

function Close-EmulatorProgram($Program) {
    $Program.Process.Kill()
    $Program.Process.WaitForExit()
}
