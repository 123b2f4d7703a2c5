BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    $emulator = Start-AcsEmulator
    [void](Connect-AcsIdentity -Emulator)
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
}

Describe 'Remove-AcsIdentity' {
    BeforeEach {
        $identity = New-AcsIdentity
        $before = $emulator.RequestCount
    }

    It 'deletes without asking with <Name>' -ForEach @(
        @{ Name = '-Force'; Delete = { $identity | Remove-AcsIdentity -Force } }
        @{ Name = '-Confirm:$false'; Delete = { $identity | Remove-AcsIdentity -Confirm:$false } }
    ) {
        & $Delete | Should -BeNullOrEmpty
        $emulator.RequestCount - $before | Should -Be 1
        $identity | Remove-AcsIdentity -Force -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsIdentityNotFound,AcsIdentity.Commands.RemoveAcsIdentityCommand'
    }

    It 'writes with -PassThru what it deleted, with its tag' {
        $deleted = [pscustomobject]@{ Id = $identity.Id; Tag = 'ann' } | Remove-AcsIdentity -Force -PassThru
        $deleted.Id | Should -Be $identity.Id
        $deleted.Tag | Should -Be 'ann'
        $deleted | Remove-AcsIdentity -Force -PassThru -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'says with -Verbose what it deletes' {
        $identity | Remove-AcsIdentity -Force -Verbose 4>&1 | Out-String | Should -BeLike "*$($identity.Id)*"
    }

    It 'asks first, and deletes nothing in a non-interactive session' {
        # The tests run non-interactively, so the question itself is an error.
        { $identity | Remove-AcsIdentity } | Should -Throw -ExpectedMessage '*NonInteractive*'
        { $identity | Remove-AcsIdentity -Force -Confirm } | Should -Throw -ExpectedMessage '*NonInteractive*'
        $emulator.RequestCount | Should -Be $before
    }

    It 'sends nothing with <Name>' -ForEach @(
        @{ Name = '-WhatIf'; Delete = { $identity | Remove-AcsIdentity -WhatIf } }
        @{ Name = '-Force -WhatIf'; Delete = { $identity | Remove-AcsIdentity -Force -WhatIf } }
        @{ Name = '$WhatIfPreference'; Delete = { $WhatIfPreference = $true; $identity | Remove-AcsIdentity -Force } }
    ) {
        & $Delete | Should -BeNullOrEmpty
        $emulator.RequestCount | Should -Be $before
    }
}
