<#
.SYNOPSIS
Runs each line of its input as a command, and answers with a line of JSON: how many seconds it took, and what it wrote.
#>
$ErrorActionPreference = 'Stop'
# Nobody is there to see it, and it must not get between the answers.
$ProgressPreference = 'SilentlyContinue'

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $command = [scriptblock]::Create($line)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $output = . $command
    @{ seconds = $watch.Elapsed.TotalSeconds; output = $output } | ConvertTo-Json -Compress
}
