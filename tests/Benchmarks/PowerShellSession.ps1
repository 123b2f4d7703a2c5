<#
.SYNOPSIS
Runs each line of its input as a command, and answers with a line of JSON: how many seconds it took, and what it wrote.
#>
param([string] $ModulePath)

$ErrorActionPreference = 'Stop'
# As a person at a prompt has it not; but this output is not to be drawn into.
$ProgressPreference = 'SilentlyContinue'
Import-Module $ModulePath

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $command = [scriptblock]::Create($line)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $output = . $command
    @{ seconds = $watch.Elapsed.TotalSeconds; output = $output } | ConvertTo-Json -Compress
}
