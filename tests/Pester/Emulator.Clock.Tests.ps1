# The clock that a test moves: Start-AcsEmulator -Clock, and what follows it.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/Support/EmulatorControl.ps1

    # The whole hours that the emulator's clock is ahead.
    function Get-Offset {
        [math]::Round(((Get-AcsEmulator).Now - [datetimeoffset]::UtcNow).TotalHours, 2)
    }
}

Describe 'The clock of the emulator' {
    BeforeEach {
        $emulator = Start-AcsEmulator -CreateQuota 2
        [void](Connect-AcsIdentity -Emulator)
    }

    AfterEach {
        Disconnect-AcsIdentity
        Stop-AcsEmulator
    }

    It 'moves forward by <Clock>' -ForEach @(
        @{ Clock = '25h'; Hours = 25 }
        @{ Clock = [timespan]'1.01:00:00'; Hours = 25 }
        @{ Clock = '1800s'; Hours = 0.5 }
        @{ Clock = '00:30:00'; Hours = 0.5 }
    ) {
        Get-Offset | Should -Be 0
        (Start-AcsEmulator -Clock $Clock) | Should -Be $emulator
        Get-Offset | Should -Be $Hours
        [void](Start-AcsEmulator -Clock $Clock)
        Get-Offset | Should -Be (2 * $Hours)
    }

    It 'takes a number with a unit without quotes' {
        [void](Start-AcsEmulator -Clock 3600s)
        Get-Offset | Should -Be 1
    }

    It 'is set to the date <Clock>' -ForEach @(
        @{ Clock = '2030-12-01T00:00:00Z' }
        @{ Clock = [datetimeoffset]'2030-12-01T00:00:00Z' }
        @{ Clock = ([datetimeoffset]'2030-12-01T00:00:00Z').LocalDateTime }
        @{ Clock = '2001-12-01T01:00:00+01:00'; Year = 2001 }
    ) {
        (Start-AcsEmulator -Clock $Clock).Now.ToString('yyyy-MM-dd HH:mm') | Should -Be "$(if ($Year) { $Year } else { 2030 })-12-01 00:00"
    }

    It 'can be moved at the start' {
        Stop-AcsEmulator
        [void](Start-AcsEmulator -Clock 25h)
        Get-Offset | Should -Be 25
    }

    It 'refuses <Clock>' -ForEach @(
        @{ Clock = 5; Problem = '*5 has no unit*' }
        @{ Clock = '1.5'; Problem = '*1.5 has no unit*' }
        @{ Clock = 'tomorrow'; Problem = '*A duration is needed*a date sets the clock*' }
        @{ Clock = $null; Problem = '*A duration is needed*' }
        @{ Clock = [timespan]'-01:00:00'; Problem = '-Clock: *Set it to a time.' }
        @{ Clock = '1900-01-01'; Problem = '-Clock: *1970-01-01 to 9999-01-01*' }
    ) {
        { Start-AcsEmulator -Clock $Clock -ErrorAction Stop } | Should -Throw $Problem
        Get-Offset | Should -Be 0
    }

    It 'lets tokens expire, and -IfExpiresWithin renews them' {
        $token = New-AcsIdentity | Get-AcsToken -Scope chat
        $token | Get-AcsToken -IfExpiresWithin 1h | Should -Be $token
        [void](Start-AcsEmulator -Clock 23h1m)
        $renewed = $token | Get-AcsToken -IfExpiresWithin 1h
        $renewed | Should -Not -Be $token
        $token | Test-AcsToken | Should -BeTrue
        [void](Start-AcsEmulator -Clock 1h)
        $token | Test-AcsToken | Should -BeFalse
        $renewed | Test-AcsToken | Should -BeTrue
    }

    It 'does not decide for a connection to another resource' {
        $token = New-AcsIdentity | Get-AcsToken -Scope chat
        [void](Start-AcsEmulator -Clock 25h)
        $elsewhere = Connect-AcsIdentity 'endpoint=https://r.communication.azure.com/;accesskey=a2V5'
        $token | Get-AcsToken -IfExpiresWithin 1h -Connection $elsewhere | Should -Be $token
    }

    It 'lets -WithoutLiveToken find expired tokens in a ledger' {
        [void](Connect-AcsIdentity -Emulator -Ledger (Join-Path $TestDrive 'clock.db'))
        [void](New-AcsIdentity -Tag ann | Get-AcsToken -Scope chat)
        Get-AcsIdentity -WithoutLiveToken | Should -BeNullOrEmpty
        [void](Start-AcsEmulator -Clock 25h)
        (Get-AcsIdentity -WithoutLiveToken).Tag | Should -Be 'ann'
    }

    It 'frees the quota, also that which the cmdlets count' {
        [void](New-AcsIdentity -Count 2)
        { New-AcsIdentity -TimeoutSec 5 -ErrorAction Stop } | Should -Throw -ErrorId 'AcsThrottled,*'
        @(Get-AcsEmulatorRequest).Status | Should -Be 201, 201, 429
        # The emulator has throttled the call, so the cmdlets would wait 30 s of real time.
        [void](Start-AcsEmulator -Clock 31s)
        New-AcsIdentity -TimeoutSec 5 -ErrorAction Stop | Should -HaveCount 1
    }

    It 'frees the quota after a move by the control API too' {
        [void](New-AcsIdentity -Count 2)
        { New-AcsIdentity -TimeoutSec 5 -ErrorAction Stop } | Should -Throw -ErrorId 'AcsThrottled,*'
        (Invoke-Emulator clock Post @{ advance = 31 }).offset | Should -Be 31
        New-AcsIdentity -TimeoutSec 5 -ErrorAction Stop | Should -HaveCount 1
    }

    It 'refuses the dates of requests only with -MoveRequestDate' {
        [void](Start-AcsEmulator -Clock 6m -MoveRequestDate)
        { New-AcsIdentity -ErrorAction Stop } | Should -Throw -ErrorId 'AcsAuthenticationFailed,*'
        [void](Start-AcsEmulator -Clock 1s)
        New-AcsIdentity -ErrorAction Stop | Should -HaveCount 1
        { Start-AcsEmulator -MoveRequestDate } | Should -Throw '-MoveRequestDate: It needs -Clock.'
    }

    It 'is the real time again after a reset' {
        [void](Start-AcsEmulator -Clock 25h -MoveRequestDate)
        Reset-AcsEmulator
        Get-Offset | Should -Be 0
        New-AcsIdentity -ErrorAction Stop | Should -HaveCount 1
    }
}

Describe 'The clock of the emulator program' {
    It 'is moved by the control API' {
        . $PSScriptRoot/Support/EmulatorProgram.ps1
        $program = Open-EmulatorProgram
        try {
            $emulator = $program
            (Invoke-Emulator clock Post @{ now = '2030-12-01T00:00:00Z' }).requestDates | Should -BeFalse
            $token = New-AcsIdentity -Scope chat -Connection $program.ConnectionString
            $token.AccessToken.ExpiresOn.ToString('yyyy-MM-dd') | Should -Be '2030-12-02'
            (Invoke-Emulator clock).offset | Should -BeGreaterThan 0
        }
        finally {
            Close-EmulatorProgram $program
        }
    }
}

Describe 'Start-AcsEmulator -Identity' {
    BeforeAll {
        $resource = [guid]::NewGuid()
        $map = 'ann', 'bob' | ForEach-Object { [pscustomobject]@{ Tag = $_; Id = "8:acs:${resource}_$([guid]::NewGuid())" } }
        $map | Export-Csv (Join-Path $TestDrive 'map.csv')
    }

    AfterEach {
        Disconnect-AcsIdentity
        Stop-AcsEmulator
    }

    It 'has identities from the start, and again after a reset' {
        $emulator = Start-AcsEmulator -Identity (Import-Csv (Join-Path $TestDrive 'map.csv'))
        $emulator.ResourceId | Should -Be $resource
        [void](Connect-AcsIdentity -Emulator)
        (Import-Csv (Join-Path $TestDrive 'map.csv') | Get-AcsToken -Scope chat -ErrorAction Stop).Tag | Should -Be 'ann', 'bob'
        (New-AcsIdentity).Id | Should -BeLike "8:acs:${resource}_*"
        $map[0] | Remove-AcsIdentity -Force
        Reset-AcsEmulator
        $emulator.IdentityCount | Should -Be 2
        $map | Get-AcsToken -Scope chat -ErrorAction Stop | Should -HaveCount 2
    }

    It 'takes ids and identities, and no identities' {
        (Start-AcsEmulator -Identity $map[0].Id).IdentityCount | Should -Be 1
        Stop-AcsEmulator
        (Start-AcsEmulator -Identity ([AcsIdentity.Models.CommunicationIdentity]::new($map[0].Id, 'ann'))).IdentityCount | Should -Be 1
        Stop-AcsEmulator
        (Start-AcsEmulator -Identity $null).IdentityCount | Should -Be 0
    }

    It 'refuses <Name>, and does not start' -ForEach @(
        @{ Name = 'an id that is none'; Bad = { $map[0], 'secret' }; Problem = "-Identity: Identity 2: 'secret' is not the id of an identity.*" }
        @{ Name = 'ids of two resources'; Bad = { $map[0], "8:acs:$(New-Guid)_$(New-Guid)" }; Problem = '-Identity: *belongs to another resource*' }
    ) {
        $failure = { Start-AcsEmulator -Identity (& $Bad) } | Should -Throw -ErrorId 'AcsInvalidEmulatorOption,*' -PassThru
        "$failure" | Should -BeLike $Problem
        Get-AcsEmulator | Should -BeNullOrEmpty
    }

    It 'must be the same if the emulator already runs' {
        $emulator = Start-AcsEmulator -Identity $map
        Start-AcsEmulator -Identity $map[1, 0] | Should -Be $emulator
        Start-AcsEmulator | Should -Be $emulator
        { Start-AcsEmulator -Identity $map[0] } | Should -Throw -ErrorId 'AcsEmulatorRunning,*'
    }
}
