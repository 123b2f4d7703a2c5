# If calls fail, the quota is used up or a pipeline ends early: every identity is written, deleted again or reported.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/Support/EmulatorProgram.ps1
    . $PSScriptRoot/Support/EmulatorControl.ps1
    $sessionState = [initialsessionstate]::CreateDefault2()
    $sessionState.ImportPSModule($env:ACSIDENTITY_MODULE_PATH)
    $pool = [runspacefactory]::CreateRunspacePool($sessionState)
    [void]$pool.SetMaxRunspaces(6)
    $pool.Open()

    function Clear-Emulator {
        [void](Invoke-Emulator reset Post)
    }

    # Starts a pipeline in another runspace, so that it can be stopped. Host output goes to its streams.
    function Open-Pipeline([string] $Script, [hashtable] $Arguments) {
        $shell = [powershell]::Create()
        $shell.RunspacePool = $pool
        [void]$shell.AddScript($Script).AddParameters($Arguments)
        $output = [Management.Automation.PSDataCollection[psobject]]::new()
        # From $null, PowerShell could not tell the type of the input.
        $noInput = [Management.Automation.PSDataCollection[psobject]]::new()
        $noInput.Complete()
        @{ Shell = $shell; Output = $output; End = $shell.BeginInvoke($noInput, $output) }
    }

    # Waits for the pipeline to end. Returns its output, its errors, the ids in its warnings, and creates of unknown outcome.
    function Close-Pipeline($Pipeline) {
        $shell = $Pipeline.Shell
        [void]$Pipeline.End.AsyncWaitHandle.WaitOne()
        $reason = $shell.InvocationStateInfo.Reason
        $warnings = $shell.Streams.Warning.Message
        $unknown = @($shell.Streams.Error.Exception.Message; $reason.Message; $warnings) -match 'identity may exist or not'
        @{
            Output     = $Pipeline.Output
            Errors     = @($shell.Streams.Error)
            Reason     = $reason
            NamedIds   = @([regex]::Matches("$warnings", '8:acs:[0-9a-f-]+_[0-9a-f-]+') | ForEach-Object Value)
            UnknownTags = @([regex]::Matches("$unknown", "(?<=')tag \d+(?=': )") | ForEach-Object Value | Sort-Object -Unique)
            UnknownIds = @([regex]::Matches("$unknown", '(?<=request id )[0-9a-f-]+') | ForEach-Object Value | Sort-Object -Unique)
        }
        $shell.Dispose()
    }

    # The ids of identities that exist, but were neither written nor reported.
    function Get-UnreportedId([string[]] $Written, $Ended) {
        $known = [Collections.Generic.HashSet[string]]::new([string[]]@($Written; $Ended.NamedIds))
        @((Invoke-Emulator identities).newest.id | Where-Object { $_ -and -not $known.Contains($_) })
    }
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
    $pool.Dispose()
}

Describe 'Network faults' {
    It 'each of 10,000 creates ends in an identity or an error, also if the quota is lower than the client expects' {
        $emulator = Open-EmulatorProgram '--throttle', '--throttle-creates', '1000', '--throttle-deletes', '1000000', '--throttle-window', '1'
        try {
            [void](Connect-AcsIdentity $emulator.ConnectionString -CreateQuota 1000000 -DeleteQuota 1000000)
            Add-Fault @{ operation = 'create'; probability = 0.01; kind = 'loseAnswer'; seed = 1 }
            Add-Fault @{ operation = 'create'; probability = 0.01; kind = 'status'; status = 503; seed = 2 }
            Add-Fault @{ operation = 'create'; probability = 0.01; kind = 'drop'; seed = 3 }

            $created = New-AcsIdentity -Count 10000 -ThrottleLimit 32 -ErrorAction SilentlyContinue -ErrorVariable failures

            $faults = (Invoke-Emulator faults).faults
            $lost = ($faults | Where-Object kind -EQ LoseAnswer).hits
            $lost | Should -BeGreaterThan 0
            (Invoke-Emulator identities).count | Should -Be ($created.Count + $lost)
            $created.Id | Sort-Object -Unique | Should -HaveCount $created.Count

            # For the client the three faults are the same: the outcome is unknown.
            $failures | Should -HaveCount ($faults | Measure-Object hits -Sum).Sum
            $failures.FullyQualifiedErrorId | Sort-Object -Unique | Should -Be 'AcsCreateOutcomeUnknown,AcsIdentity.Commands.NewAcsIdentityCommand'
            $requests = Invoke-Emulator requests
            $requests.count | Should -BeGreaterThan 10000 -Because 'calls were refused for the quota, and sent again'
            $failed = @(($requests.newest | Where-Object fault).requestId)
            $failed | Should -Not -BeNullOrEmpty
            $failed | Where-Object { $_ -notin $failures.Exception.RequestId } | Should -BeNullOrEmpty
            # A throttled create is sent again. A create that the service may have done is not.
            $requests.newest | Where-Object { $_.requestId -in $failed -and $_.status -ne 429 } | Should -HaveCount $failed.Count

            $created | Remove-AcsIdentity -Force -ThrottleLimit 32 -ErrorAction Stop
            (Invoke-Emulator identities).count | Should -Be $lost
        }
        finally {
            Close-EmulatorProgram $emulator
        }
    }

    Context 'in single calls' {
        BeforeAll {
            $emulator = Open-EmulatorProgram
            $connection = Connect-AcsIdentity $emulator.ConnectionString
            $user = [guid]::NewGuid()
            $app = [guid]::NewGuid()
            $claims = '{{"exp":{0},"azp":"{1}","oid":"{2}"}}' -f [datetimeoffset]::UtcNow.AddHours(2).ToUnixTimeSeconds(), $app, $user
            $payload = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($claims)).TrimEnd('=').Replace('+', '-').Replace('/', '_')
            $teams = @{ TeamsUserToken = ConvertTo-SecureString "e30.$payload.AA" -AsPlainText -Force; ClientId = $app; UserObjectId = $user }
            $operations = [ordered]@{
                Create          = 'param($id, $teams, $with) New-AcsIdentity @with'
                CreateWithToken = 'param($id, $teams, $with) New-AcsIdentity -Scope chat @with'
                Issue           = 'param($id, $teams, $with) $id | Get-AcsToken -Scope chat @with'
                Revoke          = 'param($id, $teams, $with) $id | Revoke-AcsToken -PassThru @with'
                Delete          = 'param($id, $teams, $with) $id | Remove-AcsIdentity -Force @with -ErrorVariable failures; if (-not $failures) { $id }'
                Exchange        = 'param($id, $teams, $with) Get-AcsToken @teams @with'
            }

            # Sets the fault for all operations and runs them in parallel. Returns how each of them ended.
            function Get-Outcome([hashtable] $Fault, [int] $TimeoutSec) {
                $identity = New-AcsIdentity -Count 3 -Connection $connection
                foreach ($operation in 'issue', 'revoke', 'delete', 'exchange') {
                    Add-Fault ($Fault + @{ operation = $operation })
                }

                $forBothCreates = $Fault.Clone()
                $forBothCreates.operation = 'create'
                if ($Fault.next) {
                    $forBothCreates.next = 2 * $Fault.next
                }

                Add-Fault $forBothCreates
                $ids = @{ Issue = $identity[0].Id; Revoke = $identity[1].Id; Delete = $identity[2].Id }
                $with = @{ Connection = $connection; TimeoutSec = $TimeoutSec }
                $pipelines = [ordered]@{}
                foreach ($name in $operations.Keys) {
                    $pipelines[$name] = Open-Pipeline $operations[$name] @{ id = $ids[$name]; teams = $teams; with = $with }
                }

                foreach ($name in $operations.Keys) {
                    $ended = Close-Pipeline $pipelines[$name]
                    "$($name): " + (@($ended.Output | ForEach-Object { 'success' }) + @($ended.Errors | ForEach-Object { $_.FullyQualifiedErrorId -replace ',.*' }) -join ' and ')
                }
            }
        }

        AfterEach {
            Clear-Emulator
        }

        AfterAll {
            Close-EmulatorProgram $emulator
        }

        It '<Name>: each operation ends in success or in one error' -ForEach @(
            @{ Name = 'one 503'; Fault = @{ kind = 'status'; status = 503; next = 1 }; Create = 'AcsCreateOutcomeUnknown' }
            @{ Name = 'one 429'; Fault = @{ kind = 'status'; status = 429; retryAfter = 1; next = 1 } }
            @{ Name = 'one late answer'; Fault = @{ kind = 'late'; delay = 10; next = 1 } }
            @{ Name = 'one dropped connection'; Fault = @{ kind = 'drop'; next = 1 }; Create = 'AcsCreateOutcomeUnknown' }
            @{ Name = 'one lost answer'; Fault = @{ kind = 'loseAnswer'; next = 1 }; Create = 'AcsCreateOutcomeUnknown' }
            @{ Name = 'one cut answer'; Fault = @{ kind = 'cutAnswer'; next = 1 }; Create = 'AcsCreateOutcomeUnknown' }
            @{ Name = 'one answer that ends too early'; Fault = @{ kind = 'truncatedBody'; next = 1 }; Create = 'AcsCreateOutcomeUnknown'; CreateWithToken = 'success and AcsTokenMissing'; Token = 'AcsServiceFailed' }
            @{ Name = 'one answer that is not JSON'; Fault = @{ kind = 'malformedBody'; next = 1 }; Create = 'AcsCreateOutcomeUnknown'; Token = 'AcsServiceFailed' }
            @{ Name = 'only 503s'; Fault = @{ kind = 'status'; status = 503; every = 1 }; Create = 'AcsCreateOutcomeUnknown'; Token = 'AcsServiceFailed'; Other = 'AcsServiceFailed' }
            @{ Name = 'no answer for an hour'; Fault = @{ kind = 'late'; delay = 3600000; every = 1 }; Create = 'AcsCreateOutcomeUnknown'; Token = 'AcsTimeout'; Other = 'AcsTimeout' }
            @{ Name = 'only dropped connections'; Fault = @{ kind = 'drop'; every = 1 }; Create = 'AcsCreateOutcomeUnknown'; Token = 'AcsConnectionFailed'; Other = 'AcsConnectionFailed' }
            @{ Name = 'only lost answers'; Fault = @{ kind = 'loseAnswer'; every = 1 }; Create = 'AcsCreateOutcomeUnknown'; Token = 'AcsConnectionFailed'; Other = 'AcsConnectionFailed' }
            # The answers to revoke and delete have no body, so there is nothing to cut.
            @{ Name = 'only cut answers'; Fault = @{ kind = 'cutAnswer'; every = 1 }; Create = 'AcsCreateOutcomeUnknown'; Token = 'AcsConnectionFailed' }
        ) {
            $creates, $tokens, $others = $Create, $Token, $Other | ForEach-Object { if ($_) { $_ } else { 'success' } }
            # Half of an answer with a token has the whole id.
            $withToken = if ($CreateWithToken) { $CreateWithToken } else { $creates }
            # Retries after a temporary fault need time. A permanent fault needs only a short time limit.
            Get-Outcome $Fault -TimeoutSec $(if ($Fault.next) { 60 } else { 2 }) | Should -Be @(
                "Create: $creates", "CreateWithToken: $withToken", "Issue: $tokens", "Revoke: $others", "Delete: $others", "Exchange: $tokens")
        }
    }
}

Describe 'The quota' {
    It 'is shared by two runspaces' {
        if ($PSEdition -eq 'Desktop') { Set-ItResult -Skipped -Because 'Windows PowerShell has no ForEach-Object -Parallel' }
        $emulator = Open-EmulatorProgram '--throttle', '--throttle-creates', '200'
        try {
            $module = $env:ACSIDENTITY_MODULE_PATH
            $connectionString = $emulator.ConnectionString
            $results = 1..2 | ForEach-Object -Parallel {
                Import-Module $using:module
                [void](Connect-AcsIdentity $using:connectionString -CreateQuota 200)
                New-AcsIdentity -Count 105 -ThrottleLimit 10 -TimeoutSec 2 2>&1
            }
            $failures = $results | Where-Object { $_ -is [Management.Automation.ErrorRecord] }
            $failures | Should -HaveCount 10
            $failures.FullyQualifiedErrorId | Sort-Object -Unique | Should -Be 'AcsThrottled,AcsIdentity.Commands.NewAcsIdentityCommand'
            # The next request would have been answered 429.
            (Invoke-Emulator requests).count | Should -Be 200
            (Invoke-Emulator identities).count | Should -Be 200
        }
        finally {
            Close-EmulatorProgram $emulator
        }
    }

    It 'does not delay the stop of a pipeline that waits for it' {
        $emulator = Start-AcsEmulator
        try {
            $connection = Connect-AcsIdentity $emulator.GetConnectionString() -CreateQuota 5
            # Waits until progress says that the pipeline waits for the quota. Returns the seconds that it shows.
            function Wait-Quota($Pipeline) {
                $progress = $Pipeline.Shell.Streams.Progress
                $progress.BlockingEnumerator = $true
                foreach ($record in $progress) {
                    if ($record.StatusDescription -match 'waiting (\d+) s') {
                        return [int]$Matches[1]
                    }
                }
            }

            $stopped = Open-Pipeline 'param($connection) New-AcsIdentity -Count 50 -Connection $connection' @{ connection = $connection }
            Wait-Quota $stopped | Should -BeGreaterThan 20
            $stopped.Shell.Stop()
            $next = Open-Pipeline 'param($connection) New-AcsIdentity -Connection $connection' @{ connection = $connection }
            Wait-Quota $next | Should -BeGreaterThan 10
            $next.Shell.Stop()

            (Close-Pipeline $next).Output | Should -BeNullOrEmpty
            $ended = Close-Pipeline $stopped
            $ended.UnknownIds | Should -BeNullOrEmpty
            Get-UnreportedId $ended.Output.Id $ended | Should -BeNullOrEmpty
            # An identity whose answer came after the stop is deleted, which is a request too.
            Get-AcsEmulatorRequest -Operation Create | Should -HaveCount 5
        }
        finally {
            Stop-AcsEmulator
        }
    }
}

Describe 'A pipeline that ends early' {
    BeforeAll {
        $emulator = Start-AcsEmulator
        $connection = Connect-AcsIdentity -Emulator
    }

    BeforeEach {
        Clear-Emulator
    }

    It 'has written or reported every identity, in 200 random runs' {
        $random = [Random]::new(20260217)
        $endings = @{
            Stop        = 'New-AcsIdentity @with | ForEach-Object { $got.Add($_.Id); if ($got.Count -eq $count) { [void]$reached.Set() } }'
            StopOutput  = 'New-AcsIdentity @with | ForEach-Object { $_; $got.Add($_.Id); if ($got.Count -eq $count) { [void]$reached.Set() } }'
            SelectFirst = 'New-AcsIdentity @with | ForEach-Object { $got.Add($_.Id); $_ } | Select-Object -First $count'
            Throw       = 'New-AcsIdentity @with | ForEach-Object { $got.Add($_.Id); if ($got.Count -eq $count) { throw "enough" } }'
            ThrowBefore = '1..$count | ForEach-Object { if ($_ -eq $count) { throw "enough" } $_ } | New-AcsIdentity @with | ForEach-Object { $got.Add($_.Id) }'
        }
        # The same endings, with more cmdlets in the pipeline.
        foreach ($name in @($endings.Keys)) {
            $endings["${name}Chain"] = $endings[$name] -replace 'New-AcsIdentity @with', '$0 | Get-AcsToken -Scope chat @on | Revoke-AcsToken -PassThru @on'
        }
        $names = @($endings.Keys | Sort-Object)
        $problems = foreach ($round in 1..200) {
            Clear-Emulator
            $ending = $names[$random.Next($names.Count)]
            $count = $random.Next(1, 40)
            $with = @{ Connection = $connection; Count = if ($ending -like 'ThrowBefore*') { 1 } else { 100000 }; ThrottleLimit = $random.Next(1, 17) }
            $on = @{ Connection = $connection; ThrottleLimit = $random.Next(1, 17) }
            $faults = @(
                if ($random.Next(2)) { @{ kind = 'late'; operation = 'issue'; delay = $random.Next(1, 40); probability = 0.3; seed = $round } }
                if ($random.Next(2)) { @{ kind = 'late'; operation = 'create'; delay = $random.Next(1, 40); probability = 0.3; seed = $round } }
                if ($random.Next(3) -eq 0) { @{ kind = 'loseAnswer'; operation = 'create'; probability = 0.1; seed = $round } }
                # Longer than the time limit for cleanup.
                if ($ending -like 'Stop*' -and $random.Next(40) -eq 0) { @{ kind = 'late'; operation = 'create'; delay = 3600000; probability = 0.05; seed = $round } }
                if ($random.Next(6) -eq 0) { @{ kind = 'status'; status = 403; operation = 'delete'; probability = 0.5; seed = $round } }
            )
            $faults | ForEach-Object { Add-Fault $_ }

            $got = [Collections.Generic.List[string]]::new()
            $reached = [Threading.ManualResetEvent]::new($false)
            $pipeline = Open-Pipeline "param(`$with, `$on, `$got, `$count, `$reached) $($endings[$ending])" @{ with = $with; on = $on; got = $got; count = $count; reached = $reached }
            if ($ending -like 'Stop*') {
                # If an answer does not come, the count is not reached.
                [void][Threading.WaitHandle]::WaitAny(@($reached, $pipeline.End.AsyncWaitHandle), 2000)
                [Threading.Thread]::SpinWait($random.Next(20000))
                $pipeline.Shell.Stop()
            }

            $ended = Close-Pipeline $pipeline
            $unreported = Get-UnreportedId $got $ended
            if ($unreported.Count -gt $ended.UnknownIds.Count) {
                "round $round, $ending after ${count}: $($unreported.Count) unreported, $($ended.UnknownIds.Count) unknown, $($got.Count) written, $($ended.NamedIds.Count) named"
            }
        }
        $problems | Should -BeNullOrEmpty
    }

    It 'deletes the other identities and reports none, after Select-Object -First 1' {
        $pipeline = Open-Pipeline 'param($connection) New-AcsIdentity -Count 50 -Connection $connection | Select-Object -First 1' @{ connection = $connection }
        $ended = Close-Pipeline $pipeline
        $ended.Output.Id | Should -Be (Invoke-Emulator identities).newest.id
        $ended.NamedIds | Should -BeNullOrEmpty
    }

    It 'reports each identity once that <Next> did not finish' -ForEach @(
        @{ Next = 'Get-AcsToken'; Script = 'Get-AcsToken -Scope chat @on | Select-Object -First 2' }
        @{ Next = 'Revoke-AcsToken'; Script = 'Revoke-AcsToken -PassThru @on | Select-Object -First 2' }
        @{ Next = 'Revoke-AcsToken after Get-AcsToken'; Script = 'Get-AcsToken -Scope chat @on | Revoke-AcsToken -PassThru @on | Select-Object -First 2' }
        @{ Next = 'Remove-AcsIdentity'; Script = 'Remove-AcsIdentity -Force @on -ErrorAction Stop' }
    ) {
        Add-Fault @{ kind = 'status'; status = 403; operation = 'delete'; every = 3 }
        $pipeline = Open-Pipeline "param(`$on) New-AcsIdentity -Count 100 @on | $Script" @{ on = @{ Connection = $connection } }
        $ended = Close-Pipeline $pipeline
        $failed = @($ended.Reason.ErrorRecord.TargetObject)
        Get-UnreportedId @($ended.Output.Id; $failed) $ended | Should -BeNullOrEmpty
        $ended.NamedIds | Should -Not -BeNullOrEmpty
        $ended.NamedIds | Sort-Object -Unique | Should -HaveCount $ended.NamedIds.Count
    }

    It 'does not report identities from a variable' {
        $pipeline = Open-Pipeline 'param($on) $kept = New-AcsIdentity -Count 30 @on; $kept | Get-AcsToken -Scope chat @on | Select-Object -First 1' @{ on = @{ Connection = $connection } }
        $ended = Close-Pipeline $pipeline
        $ended.Output | Should -HaveCount 1
        $ended.NamedIds | Should -BeNullOrEmpty
    }

    It 'reports the identity that the next command has when it is stopped' {
        $begun = [Threading.ManualResetEvent]::new($false)
        $pipeline = Open-Pipeline 'param($connection, $begun) New-AcsIdentity -Connection $connection | ForEach-Object { [void]$begun.Set(); Start-Sleep 3600 }' @{
            connection = $connection
            begun      = $begun
        }
        [void]$begun.WaitOne()
        $pipeline.Shell.Stop()
        $ended = Close-Pipeline $pipeline
        $ended.NamedIds | Should -Be (Invoke-Emulator identities).newest.id
    }

    It 'keeps in -OutVariable the identities that Get-AcsToken did not finish' {
        Add-Fault @{ kind = 'late'; operation = 'issue'; delay = 3600000; every = 3 }
        $script = 'param($connection) New-AcsIdentity -Count 100 -Connection $connection -OutVariable made | Get-AcsToken -Scope chat -Connection $connection | Select-Object -First 2; "$($made.Id)"'
        $ended = Close-Pipeline (Open-Pipeline $script @{ connection = $connection })
        $token, $other, $made = $ended.Output
        $made.Split() | Should -Contain $token.Id
        Get-UnreportedId $made.Split() @{ NamedIds = @() } | Should -BeNullOrEmpty
        (Invoke-Emulator identities).count | Should -BeGreaterThan 2
    }

    It 'deletes the identities in flight again if an earlier command throws' {
        $got = [Collections.Generic.List[string]]::new()
        $pipeline = Open-Pipeline 'param($with, $got) 1..50 | ForEach-Object { if ($_ -eq 30) { throw "enough" } $_ } | New-AcsIdentity @with | ForEach-Object { $got.Add($_.Id) }' @{
            with = @{ Connection = $connection; ThrottleLimit = 10 }
            got  = $got
        }
        $ended = Close-Pipeline $pipeline
        $ended.Reason | Should -BeLike '*enough*'
        (Invoke-Emulator identities).count | Should -Be $got.Count
        Get-UnreportedId $got $ended | Should -BeNullOrEmpty
    }

    It 'deletes the unwritten identities again if -ErrorAction Stop ends it at an unknown outcome' {
        Add-Fault @{ kind = 'loseAnswer'; operation = 'create'; every = 20 }
        $got = [Collections.Generic.List[string]]::new()
        $pipeline = Open-Pipeline 'param($with, $got) 1..100 | ForEach-Object { "tag $_" } | New-AcsIdentity @with | ForEach-Object { $got.Add($_.Id) }' @{
            with = @{ Connection = $connection; ThrottleLimit = 8; ErrorAction = 'Stop' }
            got  = $got
        }
        $ended = Close-Pipeline $pipeline
        $ended.Reason.ErrorRecord.FullyQualifiedErrorId | Should -BeLike 'AcsCreateOutcomeUnknown,*'
        $lost = (Invoke-Emulator faults).faults.hits
        $ended.UnknownIds | Should -HaveCount $lost
        $ended.UnknownTags | Should -HaveCount $lost
        ((Invoke-Emulator requests).newest | Where-Object fault).requestId | Sort-Object | Should -Be $ended.UnknownIds
        Get-UnreportedId $got $ended | Should -HaveCount $lost
    }

    It 'reports each identity that it could not delete again' {
        Add-Fault @{ kind = 'status'; status = 403; operation = 'delete'; every = 1 }
        $pipeline = Open-Pipeline 'param($connection) New-AcsIdentity -Count 100 -Connection $connection | Select-Object -First 3' @{ connection = $connection }
        $ended = Close-Pipeline $pipeline
        $ended.Output | Should -HaveCount 3
        $ended.NamedIds | Should -Not -BeNullOrEmpty
        Get-UnreportedId $ended.Output.Id $ended | Should -BeNullOrEmpty
    }

    It 'does not run ahead of a slow consumer' {
        $identity = New-AcsIdentity -Connection $connection
        $limit = 5
        $read = 0
        $done = 0
        $before = $emulator.RequestCount
        $ahead = 1..100000 | ForEach-Object { $read++; $identity.Id } |
            Revoke-AcsToken -PassThru -ThrottleLimit $limit -Connection $connection |
            ForEach-Object {
                # The extra request makes this command slow.
                [void](Invoke-Emulator faults)
                [pscustomobject]@{ Sent = $emulator.RequestCount - $before - $done; Read = $read - $done }
                $done++
            } |
            Select-Object -First 200
        $ahead | Should -HaveCount 200
        ($ahead.Sent | Measure-Object -Maximum).Maximum | Should -Not -BeGreaterThan (4 * $limit)
        ($ahead.Read | Measure-Object -Maximum).Maximum | Should -Not -BeGreaterThan (4 * $limit + 1)
    }
}
