# Many objects: several requests in flight, the quota, time limits, unknown outcomes, progress.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/Support/EmulatorControl.ps1

    function Use-NewEmulator {
        Stop-AcsEmulator
        $script:emulator = Start-AcsEmulator
        [void](Connect-AcsIdentity -Emulator)
    }
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
        $records[0].CurrentOperation | Should -Match "^waiting \d+ s for the service's quota$"
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
