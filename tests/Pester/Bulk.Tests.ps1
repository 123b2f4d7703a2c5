# Many objects: several requests in flight, the quota, time limits, unknown outcomes, progress.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/Support/EmulatorControl.ps1
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
}

Describe 'A cmdlet for many objects' {
    BeforeAll { Use-NewEmulator }
    AfterEach { Clear-Fault }

    It 'refuses <Call> and sends nothing' -ForEach @(
        @{ Call = 'New-AcsIdentity -ThrottleLimit 0' }
        @{ Call = 'New-AcsIdentity -ThrottleLimit 65' }
        @{ Call = 'New-AcsIdentity -TimeoutSec 0' }
        @{ Call = 'New-AcsIdentity -FailureLimit -1' }
        @{ Call = 'Get-AcsToken $id -Scope chat -ThrottleLimit 0' }
        @{ Call = 'Get-AcsToken $id -Scope chat -TimeoutSec 0' }
        @{ Call = 'Revoke-AcsToken $id -ThrottleLimit 65' }
        @{ Call = 'Remove-AcsIdentity $id -Force -TimeoutSec 0' }
        @{ Call = 'Connect-AcsIdentity -Emulator -CreateQuota 0' }
        @{ Call = 'Connect-AcsIdentity -Emulator -IssueQuota 0' }
        @{ Call = 'Connect-AcsIdentity -Emulator -RevokeQuota 0' }
        @{ Call = 'Connect-AcsIdentity -Emulator -DeleteQuota 0' }
        @{ Call = 'Connect-AcsIdentity -Emulator -ExchangeQuota 0' }
    ) {
        $id = (New-AcsIdentity).Id
        $before = $emulator.RequestCount
        [scriptblock]::Create($Call) | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        $emulator.RequestCount | Should -Be $before
    }

    It 'writes results in input order, also if some answers are late' {
        Add-Fault @{ kind = 'late'; operation = 'create'; every = 7; delay = 100 }
        $tags = 1..200 | ForEach-Object { "tag $_" }
        $identities = $tags | New-AcsIdentity -ThrottleLimit 8
        $identities.Tag | Should -Be $tags
        $identities.Id | Sort-Object -Unique | Should -HaveCount 200
    }

    It 'has up to -ThrottleLimit <_> requests in flight, and no more' -ForEach 1, 8 {
        $before = $emulator.RequestCount
        Add-Fault @{ kind = 'late'; operation = 'create'; every = 1; delay = 1000 }
        [void](New-AcsIdentity -Count (2 * $_) -ThrottleLimit $_)
        # Each request is in flight while the fault delays its answer. A timer may be a little early.
        $arrivals = (Invoke-Emulator requests).newest |
            Where-Object { $_.number -gt $before -and $_.target -like '/identities*' } | ForEach-Object { [datetime]$_.time }
        $arrivals | Should -HaveCount (2 * $_)
        $inFlight = foreach ($moment in $arrivals) { @($arrivals | Where-Object { $_ -le $moment -and $moment -lt $_.AddMilliseconds(900) }).Count }
        ($inFlight | Measure-Object -Maximum).Maximum | Should -Be $_
    }
}

Describe 'A lost answer' {
    BeforeAll { Use-NewEmulator }
    AfterEach { Clear-Fault }

    It 'to a create gives AcsCreateOutcomeUnknown, and the create is not sent again' {
        Add-Fault @{ kind = 'loseAnswer'; operation = 'create'; next = 1 }
        $before = $emulator.RequestCount
        'ann' | New-AcsIdentity -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        $emulator.RequestCount - $before | Should -Be 1
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsCreateOutcomeUnknown,AcsIdentity.Commands.NewAcsIdentityCommand'
        $failures[0].CategoryInfo.Category | Should -Be 'InvalidResult'
        $failures[0].TargetObject | Should -Be 'ann'
        "$($failures[0])" | Should -BeLike "'ann': $($emulator.Endpoint)*"
        $failures[0].Exception.RequestId | Should -Not -BeNullOrEmpty
        $failures[0].Exception.Message | Should -BeLike "*$($failures[0].Exception.RequestId)*"
        $failures[0].Exception.Message | Should -BeLike "*$($failures[0].Exception.SentAt.UtcDateTime.ToString('u'))*"
    }

    It 'to a create that ends the pipeline is reported once' {
        Add-Fault @{ kind = 'loseAnswer'; operation = 'create'; next = 1 }
        $shell = [powershell]::Create().AddScript({
                param($Module, $ConnectionString)
                Import-Module $Module
                [void](Connect-AcsIdentity $ConnectionString)
                'ann' | New-AcsIdentity -ErrorAction Stop
            }).AddArgument($env:ACSIDENTITY_MODULE_PATH).AddArgument($emulator.GetConnectionString())
        try {
            { $shell.Invoke() } | Should -Throw "*'ann': $($emulator.Endpoint)*identity may exist or not*"
            # Warnings of an ended pipeline go to the host, and from there to this stream.
            $shell.Streams.Warning | Should -BeNullOrEmpty
        }
        finally {
            $shell.Dispose()
        }
    }

    It 'to a create does not affect the other creates' {
        Add-Fault @{ kind = 'loseAnswer'; operation = 'create'; every = 3 }
        $tags = 1..12 | ForEach-Object { "tag $_" }
        $identities = $tags | New-AcsIdentity -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures | Should -HaveCount 4
        $identities | Should -HaveCount 8
        @($identities.Tag) + @($failures.TargetObject) | Sort-Object | Should -Be ($tags | Sort-Object)
    }

    It 'to a delete gives no error: the retry finds that the identity is deleted' {
        $identity = New-AcsIdentity
        Add-Fault @{ kind = 'loseAnswer'; operation = 'delete'; next = 1 }
        $before = $emulator.RequestCount
        $identity | Remove-AcsIdentity -Force -ErrorVariable failures
        $failures | Should -BeNullOrEmpty
        $emulator.RequestCount - $before | Should -Be 2
        $identity | Get-AcsToken -Scope chat -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures.FullyQualifiedErrorId | Should -Be 'AcsIdentityNotFound,AcsIdentity.Commands.GetAcsTokenCommand'
    }
}

Describe '-TimeoutSec' {
    BeforeAll { Use-NewEmulator }
    AfterEach { Clear-Fault }

    It 'ends <Name> that is not answered in time with one <ErrorId>' -ForEach @(
        @{ Name = 'a call'; Operation = 'issue'; Call = { Get-AcsToken $identity -Scope chat -TimeoutSec 1 @quietly }; ErrorId = 'AcsTimeout' }
        @{ Name = 'a create'; Operation = 'create'; Call = { New-AcsIdentity -TimeoutSec 1 @quietly }; ErrorId = 'AcsCreateOutcomeUnknown' }
    ) {
        $identity = New-AcsIdentity
        $quietly = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = 'failures' }
        Add-Fault @{ kind = 'late'; operation = $Operation; every = 1; delay = 5000 }
        . $Call | Should -BeNullOrEmpty
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike "$ErrorId,*"
    }
}

Describe 'The quota' {
    # Each new emulator has another address, and so an unused quota.
    BeforeEach {
        Use-NewEmulator
        [void](Connect-AcsIdentity $emulator.GetConnectionString() -CreateQuota 2)
    }

    It 'is kept: a call that would wait longer than -TimeoutSec is not sent' {
        $identities = 'ann', 'bob', 'eve' | New-AcsIdentity -TimeoutSec 1 -ErrorAction SilentlyContinue -ErrorVariable failures
        $identities | Should -HaveCount 2
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsThrottled,AcsIdentity.Commands.NewAcsIdentityCommand'
        @($identities.Tag) + $failures[0].TargetObject | Sort-Object | Should -Be 'ann', 'bob', 'eve'
        $emulator.RequestCount | Should -Be 2
    }

    It 'is not used by -WhatIf' {
        New-AcsIdentity -Count 5 -WhatIf | Should -BeNullOrEmpty
        $emulator.RequestCount | Should -Be 0
        New-AcsIdentity -Count 2 -TimeoutSec 1 | Should -HaveCount 2
    }
}

Describe '-ThrottleLimit 1' {
    BeforeAll { Use-NewEmulator }

    It 'writes each result before it reads the next object, so that -PipelineVariable fits' {
        $pairs = 1..10 | ForEach-Object { "user$_" } -PipelineVariable user | New-AcsIdentity -ThrottleLimit 1 | ForEach-Object { "$user $($_.Tag)" }
        $pairs | Should -Be (1..10 | ForEach-Object { "user$_ user$_" })
    }
}

Describe '-FailureLimit' {
    BeforeAll {
        Use-NewEmulator
        $identity = New-AcsIdentity
        $refused = @{ kind = 'status'; status = 401; operation = 'create'; every = 1 }
    }

    AfterEach { Clear-Fault }

    It 'ends the command with one error that counts what is left: <Name>' -ForEach @(
        @{ Name = 'by default after 10 failures in a row'; Limit = @{}; Expected = 10; Left = '1,990 objects were not processed.' }
        @{ Name = 'after as many as it says'; Limit = @{ FailureLimit = 3 }; Expected = 3; Left = '1,997 objects were not processed.' }
    ) {
        Add-Fault $refused
        $before = $emulator.RequestCount
        $errorsBefore = $Error.Count
        { New-AcsIdentity -Count 2000 @Limit -ErrorAction SilentlyContinue } |
            Should -Throw -ErrorId 'AcsTooManyFailures,*' -ExpectedMessage "$($emulator.Endpoint): $Expected calls in a row have failed*$Left*"
        @($Error | Select-Object -SkipLast $errorsBefore | Where-Object FullyQualifiedErrorId -Like 'AcsAuthenticationFailed,*') | Should -HaveCount $Expected
        $emulator.RequestCount - $before | Should -BeLessThan ($Expected + 40) -Because 'only calls that were in the queue may have been sent'
    }

    It 'names the last object that was processed if the number of objects is not known' {
        Add-Fault $refused
        { 1..100 | ForEach-Object { "user$_" } | New-AcsIdentity -FailureLimit 4 -ErrorAction SilentlyContinue } |
            Should -Throw -ErrorId 'AcsTooManyFailures,*' -ExpectedMessage "*Nothing that follows 'user4' in the input was processed.*"
    }

    It 'keeps what was written before' {
        try {
            1..100 | ForEach-Object { if ($_ -eq 6) { Add-Fault @{ kind = 'status'; status = 403; operation = 'create'; every = 1 } }; $_ } |
                New-AcsIdentity -ThrottleLimit 1 -FailureLimit 2 -ErrorAction SilentlyContinue -OutVariable written | Out-Null
        }
        catch {
            "$_" | Should -BeLike "*Nothing that follows '7'*"
        }

        $written.Tag | Should -Be (1..5)
    }

    It 'does not count <Name>' -ForEach @(
        @{ Name = 'failures of single identities'; Call = { (@('8:acs:00000000-0000-0000-0000-000000000001_00000000-0000-0000-0000-000000000001') * 20) | Revoke-AcsToken @quietly }; Expected = 20 }
        @{ Name = 'failures between which a call succeeds'; Fault = @{ kind = 'status'; status = 401; operation = 'issue'; every = 2 }; Call = { (@($identity) * 30) | Get-AcsToken -Scope chat -ThrottleLimit 1 -FailureLimit 2 @quietly }; Expected = 15 }
        @{ Name = 'any failure if it is 0'; Fault = @{ kind = 'status'; status = 401; operation = 'issue'; every = 1 }; Call = { (@($identity) * 15) | Get-AcsToken -Scope chat -FailureLimit 0 @quietly }; Expected = 15 }
        @{ Name = 'a streak with which the input ends'; Fault = @{ kind = 'status'; status = 401; operation = 'issue'; every = 1 }; Call = { (@($identity) * 3) | Get-AcsToken -Scope chat -FailureLimit 3 @quietly }; Expected = 3 }
    ) {
        if ($Fault) { Add-Fault $Fault }
        $quietly = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = 'failures' }
        [void](. $Call)
        $failures | Should -HaveCount $Expected
    }
}

Describe 'The name of an identity' {
    BeforeAll {
        Use-NewEmulator
        $identity = New-AcsIdentity -Tag ann@contoso.com
        $annName = "ann@contoso.com ($($identity.Id))"
    }

    It 'has tag and id in the error of <Name>' -ForEach @(
        @{ Name = 'Get-AcsToken'; Call = { $_ | Get-AcsToken -Scope chat -ErrorAction Stop } }
        @{ Name = 'Revoke-AcsToken'; Call = { $_ | Revoke-AcsToken -ErrorAction Stop } }
        @{ Name = 'Remove-AcsIdentity'; Call = { $_ | Remove-AcsIdentity -Force -ErrorAction Stop } }
    ) {
        $gone = New-AcsIdentity -Tag eve
        $gone.Id | Remove-AcsIdentity -Force
        $failure = { $gone | ForEach-Object $Call } | Should -Throw -ErrorId 'AcsIdentityNotFound,*' -PassThru
        "$failure" | Should -BeLike "'eve ($($gone.Id))': *"
        $failure.TargetObject | Should -Be $gone.Id
        $failure.Exception.Tag | Should -Be 'eve'
    }

    It 'has tag, id and resource in the -WhatIf of <Name>' -ForEach @(
        @{ Name = 'New-AcsIdentity'; Call = { New-AcsIdentity -Tag ann -WhatIf }; Target = 'ann at <endpoint>' }
        @{ Name = 'New-AcsIdentity without a tag'; Call = { New-AcsIdentity -WhatIf }; Target = '<endpoint>' }
        @{ Name = 'Get-AcsToken'; Call = { $identity | Get-AcsToken -Scope chat -WhatIf }; Target = '<name> at <endpoint>' }
        @{ Name = 'Revoke-AcsToken'; Call = { $identity | Revoke-AcsToken -WhatIf }; Target = '<name> at <endpoint>' }
        @{ Name = 'Remove-AcsIdentity'; Call = { $identity | Remove-AcsIdentity -WhatIf }; Target = '<name> at <endpoint>' }
        @{ Name = 'Remove-AcsIdentity with an id'; Call = { $identity.Id | Remove-AcsIdentity -WhatIf }; Target = '<id> at <endpoint>' }
    ) {
        $transcript = Join-Path $TestDrive 'whatif.txt'
        [void](Start-Transcript $transcript)
        try { . $Call } finally { [void](Stop-Transcript) }
        $expected = $Target -replace '<name>', $annName -replace '<id>', $identity.Id -replace '<endpoint>', $emulator.Endpoint
        (Get-Content -Raw $transcript) -replace '\s+', ' ' | Should -BeLike "*on target `"$expected`".*"
    }
}

Describe '-Verbose' {
    BeforeEach { Use-NewEmulator }
    AfterEach { Clear-Fault }

    It 'tells what each cmdlet did, by tag and id' {
        $told = New-AcsIdentity -Tag ann -Verbose 4>&1
        $ann = $told | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] }
        "$told" | Should -BeLike "*Created $($ann.Id) for ann.*"
        "$($ann | Revoke-AcsToken -Verbose 4>&1)" | Should -BeLike "*The tokens of ann ($($ann.Id)) are revoked*"
        "$($ann | Remove-AcsIdentity -Force -Verbose 4>&1)" | Should -BeLike "*Deleted ann ($($ann.Id)).*"
    }

    It 'tells retries' {
        Add-Fault @{ kind = 'status'; status = 503; operation = 'revoke'; next = 1 }
        $told = New-AcsIdentity -Tag ann | Revoke-AcsToken -Verbose 4>&1
        "$told" | Should -BeLike '*ann (8:acs:*): The request was answered 503. The next try is in * s, if the time limit allows it.*'
    }

    It 'tells waits for the quota' {
        [void](Connect-AcsIdentity $emulator.GetConnectionString() -CreateQuota 1)
        $told = New-AcsIdentity -Count 2 -ThrottleLimit 1 -TimeoutSec 3 -ErrorAction SilentlyContinue -Verbose 4>&1
        "$told" | Should -Match "Creating identities: waiting \d+ s for the service's quota"
    }
}

Describe 'Progress' {
    BeforeAll {
        function Get-Progress([string] $Script) {
            $shell = [powershell]::Create()
            try {
                $start = 'param($connection) Import-Module $env:ACSIDENTITY_MODULE_PATH; $PSDefaultParameterValues = @{ "*:Connection" = $connection }; '
                [void]$shell.AddScript($start + $Script).AddArgument((Get-AcsConnection)).Invoke()
                # Other cmdlets, such as Import-Module, may show progress too.
                $shell.Streams.Progress | Where-Object Activity -EQ 'Creating identities'
            }
            finally {
                $shell.Dispose()
            }
        }
    }

    BeforeEach {
        Use-NewEmulator
        [void](Connect-AcsIdentity $emulator.GetConnectionString() -CreateQuota 2)
    }

    It 'shows how far a long run is and what it waits for, and disappears at the end' {
        $records = @(Get-Progress 'New-AcsIdentity -Count 3 -ThrottleLimit 1 -TimeoutSec 2')
        $records.Count | Should -BeGreaterThan 1
        $records[0].StatusDescription | Should -BeLike '2 of 3, *'
        $records[0].PercentComplete | Should -Be 66
        $records[0].StatusDescription | Should -Match ", waiting \d+ s for the service's quota$" -Because 'the default view shows only the status'
        $records[-1].RecordType | Should -Be 'Completed'
    }

    It 'is not shown with $ProgressPreference SilentlyContinue' {
        Get-Progress '$ProgressPreference = "SilentlyContinue"; New-AcsIdentity -Count 3 -TimeoutSec 2' | Should -BeNullOrEmpty
    }

    It 'is not shown for quick work' {
        Get-Progress 'New-AcsIdentity' | Should -BeNullOrEmpty
        $emulator.RequestCount | Should -Be 1
    }
}
