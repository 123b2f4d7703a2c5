<#
.SYNOPSIS
Runs each line of its input as a command, and answers with a line of JSON: the seconds that it took, and its output.
#>
$ErrorActionPreference = 'Stop'
# Progress must not get between the answers.
$ProgressPreference = 'SilentlyContinue'

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $command = [scriptblock]::Create($line)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $output = . $command
    @{ seconds = $watch.Elapsed.TotalSeconds; output = $output } | ConvertTo-Json -Compress
}
