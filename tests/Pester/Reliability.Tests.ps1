# Where calls fail, the quota runs out and pipelines end early: every identity is emitted, taken back or reported.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    $sessionState = [initialsessionstate]::CreateDefault2()
    $sessionState.ImportPSModule($env:ACSIDENTITY_MODULE_PATH)
    $pool = [runspacefactory]::CreateRunspacePool($sessionState)
    [void]$pool.SetMaxRunspaces(6)
    $pool.Open()

    function Get-Inside([string] $What) {
        Invoke-RestMethod "$($emulator.Endpoint)emulator/$What"
    }

    function Add-Fault([hashtable] $Fault) {
        [void](Invoke-RestMethod "$($emulator.Endpoint)emulator/faults" -Method Post -ContentType application/json -Body ($Fault | ConvertTo-Json))
    }

    function Clear-Emulator {
        [void](Invoke-RestMethod "$($emulator.Endpoint)emulator/reset" -Method Post -ContentType application/json -Body '{}')
    }

    # A pipeline in a runspace of its own, so that it can be stopped. What it writes to the host is in its streams.
    function Open-Pipeline([string] $Script, [hashtable] $Arguments) {
        $shell = [powershell]::Create()
        $shell.RunspacePool = $pool
        [void]$shell.AddScript($Script).AddParameters($Arguments)
        $output = [Management.Automation.PSDataCollection[psobject]]::new()
        @{ Shell = $shell; Output = $output; End = $shell.BeginInvoke[psobject, psobject]($null, $output) }
    }

    # Waits for its end. What it says about identities: ids by name, and creates of unknown outcome by request id.
    function Close-Pipeline($Pipeline) {
        $shell = $Pipeline.Shell
        [void]$Pipeline.End.AsyncWaitHandle.WaitOne()
        $reason = $shell.InvocationStateInfo.Reason
        $warnings = $shell.Streams.Warning.Message
        $unknown = @($shell.Streams.Error.Exception.Message; $reason.Message; $warnings) -match 'whether the identity exists now is not known'
        @{
            Output     = $Pipeline.Output
            Errors     = @($shell.Streams.Error)
            Reason     = $reason
            NamedIds   = @([regex]::Matches("$warnings", '8:acs:[0-9a-f-]+_[0-9a-f-]+') | ForEach-Object Value)
            UnknownIds = @([regex]::Matches("$unknown", '(?<=request id )[0-9a-f-]+') | ForEach-Object Value | Sort-Object -Unique)
        }
        $shell.Dispose()
    }

    # The identities that exist, and which nobody was told of by id.
    function Get-Stray([string[]] $Emitted, $Ended) {
        $known = [Collections.Generic.HashSet[string]]::new([string[]]@($Emitted; $Ended.NamedIds))
        @((Get-Inside identities).newest.id | Where-Object { $_ -and -not $known.Contains($_) })
    }
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
    $pool.Dispose()
}

Describe 'A pipeline that ends early' {
    BeforeAll {
        $emulator = Start-AcsEmulator
        $connection = Connect-AcsIdentity -Emulator
    }

    BeforeEach {
        Clear-Emulator
    }

    It 'leaves no identity that was neither emitted nor reported, stopped 200 times at random' {
        $random = [Random]::new(20260217)
        $endings = @{
            Stop        = 'New-AcsIdentity @with | ForEach-Object { $got.Add($_.Id); if ($got.Count -eq $count) { [void]$reached.Set() } }'
            StopOutput  = 'New-AcsIdentity @with | ForEach-Object { $_; $got.Add($_.Id); if ($got.Count -eq $count) { [void]$reached.Set() } }'
            SelectFirst = 'New-AcsIdentity @with | ForEach-Object { $got.Add($_.Id); $_ } | Select-Object -First $count'
            Throw       = 'New-AcsIdentity @with | ForEach-Object { $got.Add($_.Id); if ($got.Count -eq $count) { throw "enough" } }'
            ThrowAbove  = '1..$count | ForEach-Object { if ($_ -eq $count) { throw "enough" } $_ } | New-AcsIdentity @with | ForEach-Object { $got.Add($_.Id) }'
        }
        $names = @($endings.Keys | Sort-Object)
        $problems = foreach ($round in 1..200) {
            Clear-Emulator
            $ending = $names[$random.Next($names.Count)]
            $count = $random.Next(1, 40)
            $with = @{ Connection = $connection; Count = $ending -eq 'ThrowAbove' ? 1 : 100000; ThrottleLimit = $random.Next(1, 17) }
            $faults = @(
                if ($random.Next(2)) { @{ kind = 'late'; operation = 'create'; delay = $random.Next(1, 40); probability = 0.3; seed = $round } }
                if ($random.Next(3) -eq 0) { @{ kind = 'loseAnswer'; operation = 'create'; probability = 0.1; seed = $round } }
                # Longer than a stopped pipeline waits for it.
                if ($ending -like 'Stop*' -and $random.Next(40) -eq 0) { @{ kind = 'late'; operation = 'create'; delay = 3600000; probability = 0.05; seed = $round } }
                if ($random.Next(6) -eq 0) { @{ kind = 'status'; status = 403; operation = 'delete'; probability = 0.5; seed = $round } }
            )
            $faults | ForEach-Object { Add-Fault $_ }

            $got = [Collections.Generic.List[string]]::new()
            $reached = [Threading.ManualResetEvent]::new($false)
            $pipeline = Open-Pipeline "param(`$with, `$got, `$count, `$reached) $($endings[$ending])" @{ with = $with; got = $got; count = $count; reached = $reached }
            if ($ending -like 'Stop*') {
                # Behind an answer that never comes the count is not reached.
                [void][Threading.WaitHandle]::WaitAny(@($reached, $pipeline.End.AsyncWaitHandle), 2000)
                [Threading.Thread]::SpinWait($random.Next(20000))
                $pipeline.Shell.Stop()
            }

            $ended = Close-Pipeline $pipeline
            $strays = Get-Stray $got $ended
            if ($strays.Count -gt $ended.UnknownIds.Count) {
                "round $round, $ending after ${count}: $($strays.Count) strays, $($ended.UnknownIds.Count) unknown, $($got.Count) emitted, $($ended.NamedIds.Count) named"
            }
        }
        $problems | Should -BeNullOrEmpty
    }

    It 'names the identity that the next command had when it was stopped' {
        $begun = [Threading.ManualResetEvent]::new($false)
        $pipeline = Open-Pipeline 'param($connection, $begun) New-AcsIdentity -Connection $connection | ForEach-Object { [void]$begun.Set(); Start-Sleep 3600 }' @{
            connection = $connection
            begun      = $begun
        }
        [void]$begun.WaitOne()
        $pipeline.Shell.Stop()
        $ended = Close-Pipeline $pipeline
        $ended.NamedIds | Should -Be (Get-Inside identities).newest.id
    }
}
