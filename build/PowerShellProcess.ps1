# How to start another PowerShell of the same kind as this one. Used by build.ps1 and the Pester suite.

<#
.SYNOPSIS
Returns the program to start, followed by the arguments that go before PowerShell's own.
.DESCRIPTION
An installed PowerShell, also a preview under another name, is a program. As a .NET tool it is an assembly that the
process dotnet runs, so that the path of the process alone starts no PowerShell.
.EXAMPLE
$program, $arguments = Get-PowerShellCommand
& $program @arguments -NoProfile -Command { 1 + 1 }
#>
function Get-PowerShellCommand {
    [OutputType([string])]
    param(
        # The path of this process.
        [string] $ProcessPath = (Get-Process -Id $PID).Path,

        # The folder of this PowerShell.
        [string] $PowerShellHome = $PSHOME
    )

    $ProcessPath
    if ((Split-Path -Leaf $ProcessPath) -in 'dotnet', 'dotnet.exe') {
        Join-Path $PowerShellHome 'pwsh.dll'
    }
}

<#
.SYNOPSIS
Runs a script block in a PowerShell process of its own, and returns the objects that it wrote.
#>
function Invoke-PowerShellProcess([scriptblock] $Script, [object[]] $ArgumentList) {
    $program, [string[]] $arguments = Get-PowerShellCommand
    & $program @arguments -NoProfile -NonInteractive -Command $Script -args $ArgumentList
}

<#
.SYNOPSIS
Returns how to start a program with arguments, for [Diagnostics.Process]::Start.
#>
function Get-ProcessStartInfo([string] $Program, [string[]] $ArgumentList) {
    # The .NET Framework has no list of arguments. These are the rules by which a program splits its command line: a quotation
    # mark has a backslash before it, and backslashes count twice before a quotation mark.
    $quoted = foreach ($argument in $ArgumentList) { '"' + ($argument -replace '(\\*)"', '$1$1\"' -replace '(\\+)$', '$1$1') + '"' }
    $start = [Diagnostics.ProcessStartInfo]::new($Program, $quoted -join ' ')
    $start.UseShellExecute = $false
    $start
}

<#
.SYNOPSIS
Returns how to start a PowerShell process that runs a script file, for [Diagnostics.Process]::Start.
#>
function Get-PowerShellStartInfo([string] $File, [string[]] $ArgumentList) {
    $program, [string[]] $arguments = Get-PowerShellCommand
    Get-ProcessStartInfo $program @($arguments; '-NoProfile', '-NonInteractive', '-File', $File; $ArgumentList).Where({ $null -ne $_ })
}

<#
.SYNOPSIS
Kills a process and the processes that it started.
#>
function Close-ProcessTree([Diagnostics.Process] $Process) {
    if ($PSEdition -eq 'Desktop') {
        [void](& taskkill /t /f /pid $Process.Id)
    }
    else {
        $Process.Kill($true)
    }
}

<#
.SYNOPSIS
Returns a PowerShell process, not started yet, for [runspacefactory]::CreateOutOfProcessRunspace.
#>
function Get-PowerShellProcessInstance {
    $instance = [Management.Automation.Runspaces.PowerShellProcessInstance]::new()
    $program, [string[]] $arguments = Get-PowerShellCommand
    $start = $instance.Process.StartInfo
    $start.FileName = $program
    foreach ($argument in $arguments) {
        $start.ArgumentList.Insert(0, $argument)
    }

    $instance
}
