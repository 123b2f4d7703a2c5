# Repeats what a host that lives long does, and writes as JSON what the process holds before and after: open handles, threads, and
# bytes of the heap after a collection. A first part of each step warms up and is not measured.
param(
    [string] $ModulePath,
    [int] $Calls,
    [int] $Connects,
    [int] $Runspaces,
    [int] $Imports
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Get-Held {
    # Finalizers free what they hold in the next collection, and threads of the pool end after some time without work.
    foreach ($round in 1..3) {
        [GC]::Collect()
        [GC]::WaitForPendingFinalizers()
    }

    $process = [Diagnostics.Process]::GetCurrentProcess()
    @{ Handles = $process.HandleCount; Threads = $process.Threads.Count; Heap = [GC]::GetTotalMemory($true) }
}

function Measure-Step([string] $Name, [int] $Number, [scriptblock] $Step) {
    & $Step ([math]::Max(1, $Number / 4))
    $before = Get-Held
    & $Step $Number
    $after = Get-Held
    [ordered]@{
        Name    = $Name
        Count   = $Number
        Handles = $after.Handles - $before.Handles
        Threads = $after.Threads - $before.Threads
        Heap    = $after.Heap - $before.Heap
    }
}

Import-Module $ModulePath
$connectionString = (Start-AcsEmulator).GetConnectionString()
[void](Connect-AcsIdentity -Emulator)

@(
    Measure-Step 'calls' $Calls {
        param($number)
        # Two calls each. The emulator and the session keep the newest only.
        New-AcsIdentity -Count ($number / 2) -ThrottleLimit 8 | Remove-AcsIdentity -Force -ThrottleLimit 8
    }
    Measure-Step 'connects' $Connects {
        param($number)
        foreach ($index in 1..$number) {
            [void](Connect-AcsIdentity $connectionString -Name other)
            Disconnect-AcsIdentity -Name other
        }
    }
    Measure-Step 'runspaces' $Runspaces {
        param($number)
        foreach ($index in 1..$number) {
            $shell = [powershell]::Create()
            [void]$shell.AddScript({
                    param($module, $text)
                    Import-Module $module
                    [void](Connect-AcsIdentity $text)
                    New-AcsIdentity | Remove-AcsIdentity -Force
                }).AddArgument($ModulePath).AddArgument($connectionString).Invoke()
            if ($shell.HadErrors) { throw $shell.Streams.Error[0] }
            $shell.Dispose()
        }
    }
    Measure-Step 'imports' $Imports {
        param($number)
        foreach ($index in 1..$number) {
            Remove-Module AcsIdentity
            Import-Module $ModulePath
            [void](Connect-AcsIdentity -Emulator)
            New-AcsIdentity | Remove-AcsIdentity -Force
        }
    }
) | ConvertTo-Json
