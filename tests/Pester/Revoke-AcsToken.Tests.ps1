BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    $emulator = Start-AcsEmulator
    [void](Connect-AcsIdentity -Emulator)
    $identity = New-AcsIdentity -Tag bob
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
}

Describe 'Revoke-AcsToken' {
    It 'sends one request and writes nothing' {
        $before = $emulator.RequestCount
        $identity | Revoke-AcsToken | Should -BeNullOrEmpty
        $emulator.RequestCount - $before | Should -Be 1
    }

    It 'writes the identity with -PassThru' {
        $passed = $identity | Revoke-AcsToken -PassThru
        $passed | Should -BeOfType AcsIdentity.Models.CommunicationIdentity
        $passed.Id | Should -Be $identity.Id
        $passed.Tag | Should -Be 'bob'
    }

    It 'takes an object whose Tag throws' {
        $object = [pscustomobject]@{ Id = $identity.Id } | Add-Member ScriptProperty Tag { throw 'boom' } -PassThru
        ($object | Revoke-AcsToken -PassThru).Id | Should -Be $identity.Id
    }

    It 'says with -Verbose how long a revocation can take' {
        $identity | Revoke-AcsToken -Verbose 4>&1 | Out-String | Should -BeLike '*15 minutes*'
    }

    It 'reports an identity of another resource as not found and writes nothing' {
        $foreign = '8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081'
        $foreign | Revoke-AcsToken -PassThru -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsIdentityNotFound,AcsIdentity.Commands.RevokeAcsTokenCommand'
        "$($failures[0])" | Should -BeLike "'$foreign': *"
    }

    It 'sends nothing with -WhatIf' {
        $before = $emulator.RequestCount
        $identity | Revoke-AcsToken -PassThru -WhatIf | Should -BeNullOrEmpty
        $emulator.RequestCount | Should -Be $before
    }
}
