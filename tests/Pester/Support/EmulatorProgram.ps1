# The emulator program. Unlike the emulator in this process, it has HTTPS, and can close a connection without an answer.
. $PSScriptRoot/../../../build/PowerShellProcess.ps1

# Starts the program on free ports. Returns its process, and by name the facts that it prints.
function Open-EmulatorProgram([string[]] $Arguments = @()) {
    $program = Join-Path $PSScriptRoot '../../../artifacts/bin/AcsIdentity.Emulator.Server/release/AcsIdentity.Emulator.Server.dll'
    $start = Get-ProcessStartInfo dotnet (@($program, '--port', '0') + $Arguments)
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $last = if ($Arguments -contains '--https-port') { 'IDENTITY_HEADER' } else { 'Connection string (http)' }
    $facts = @{}
    do {
        # The other lines are headings.
        $name, $value = if ($process.StandardOutput.ReadLine() -cmatch '^(Connection string \(https?\)|[A-Z_]+)(: |=)(.+)$') { $Matches[1, 3] }
        if ($name) {
            $facts[$name] = $value
        }
    } until ($name -eq $last -or $process.HasExited)
    $connectionString = $facts['Connection string (http)']
    @{ Process = $process; ConnectionString = $connectionString; Endpoint = $connectionString -replace '^endpoint=|;.*'; Facts = $facts }
}

function Close-EmulatorProgram($Program) {
    $Program.Process.Kill()
    $Program.Process.WaitForExit()
}
