# What a process that lives long keeps: nothing of what it is done with.
BeforeAll {
    . (Join-Path $PSScriptRoot '../../build/PowerShellProcess.ps1')

    function Measure-Leak([string[]] $Count) {
        $program, [string[]] $arguments = Get-PowerShellCommand
        $output = & $program @arguments -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot 'Support/Measure-Leak.ps1') $env:ACSIDENTITY_MODULE_PATH @Count
        $LASTEXITCODE | Should -Be 0
        $output | ConvertFrom-Json | ForEach-Object { $_ }
    }
}

Describe 'A process' {
    It 'holds no more after 100,000 calls, 500 connects, 200 runspaces and 50 imports than before' {
        $steps = Measure-Leak 100000, 500, 200, 50
        $steps.Name | Should -Be 'calls', 'connects', 'runspaces', 'imports'
        foreach ($step in $steps) {
            # A leaked object of 40 bytes for each call, or 2 KB for each connect, would be over the limit.
            $step.Heap | Should -BeLessThan 1MB -Because $step.Name
            $step.Handles | Should -BeLessThan 20 -Because $step.Name
            # Threads of the pool come and go.
            $step.Threads | Should -BeLessThan 10 -Because $step.Name
        }
    }
}
