BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    $emulator = Start-AcsEmulator
    [void](Connect-AcsIdentity -Emulator)
    $identity = New-AcsIdentity -Tag ann -Scope chat
    $secure = $identity.AccessToken
    $plain = $identity | Get-AcsToken -Scope chat -AsPlainText
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
}

Describe 'Test-AcsToken' {
    It 'takes <Name>, and sends nothing' -ForEach @(
        @{ Name = 'a token object'; Token = { $secure } }
        @{ Name = 'a token object with plain text'; Token = { $plain } }
        @{ Name = 'an identity with a token'; Token = { $identity } }
        @{ Name = 'a SecureString'; Token = { $secure.Token } }
        @{ Name = 'text'; Token = { $plain.Token } }
        @{ Name = 'text with white space'; Token = { " $($plain.Token)`n" } }
        @{ Name = 'a row of a CSV file'; Token = { $plain | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        $before = $emulator.RequestCount
        & $Token | Test-AcsToken | Should -BeExactly $true
        Test-AcsToken (& $Token) | Should -BeExactly $true
        (& $Token | Test-AcsToken -Detailed).Id | Should -Be $identity.Id
        $emulator.RequestCount | Should -Be $before
    }

    It 'writes one result for each token' {
        $plain.Token, 'secret', "$($plain.Token)A", 'e30.e30.AA' | Test-AcsToken | Should -Be $true, $false, $false, $false
    }

    It 'shows the whole id at 80 columns in the culture <_>' -ForEach 'en-US', 'sv-SE', '' {
        $culture = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = $_
        try {
            $status = $plain | Test-AcsToken -Detailed
            foreach ($shown in $status, [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($status))) {
                $lines = ($shown | Out-String -Width 80) -split '\r?\n' -replace '\e\[[\d;]*m' | ForEach-Object TrimEnd
                $lines | Should -Contain $identity.Id
                $lines | Should -Contain 'IsActive       : True'
            }
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
    }

    It 'tells why a token is refused: <Name>' -ForEach @(
        @{ Name = 'expired'; Act = { [void](Start-AcsEmulator -Clock 25h) }; Expected = 'Signed Expired IdentityExists' }
        @{ Name = 'revoked'; Act = { $fresh | Revoke-AcsToken }; Expected = 'Signed Revoked IdentityExists' }
        @{ Name = 'deleted'; Act = { $fresh | Remove-AcsIdentity -Force }; Expected = 'Signed' }
        @{ Name = 'nothing'; Act = {}; Expected = 'Active Signed IdentityExists' }
    ) {
        $fresh = New-AcsIdentity -Tag bob | Get-AcsToken -Scope chat
        & $Act
        $status = $fresh | Test-AcsToken -Detailed
        $status | Should -BeOfType AcsIdentity.Models.CommunicationTokenStatus
        $status.Tag, $status.Id | Should -Be 'bob', $fresh.Id
        'IsActive', 'IsSigned', 'IsExpired', 'IsRevoked', 'IdentityExists' | Where-Object { $status.$_ } | ForEach-Object { $_ -replace '^Is' } | Should -Be ($Expected -split ' ')
        $fresh | Test-AcsToken | Should -Be ($Name -eq 'nothing')
        # Not Reset-AcsEmulator, which would remove the token of the other tests.
        [void](Start-AcsEmulator -Clock (Get-Date))
    }

    It 'knows nothing about a token of another issuer' {
        $status = 'eyJhIjoxfQ.eyJza3lwZWlkIjoiYWNzOngifQ.AA' | Test-AcsToken -Detailed
        $status.IsSigned, $status.IdentityExists, $status.IsActive | Should -Be $false, $false, $false
        $status.Id | Should -BeNullOrEmpty
    }

    It 'reports <Name>, and goes on' -ForEach @(
        @{ Name = 'an empty string'; Bad = '' }
        @{ Name = 'a token that was saved without -AsPlainText'; Bad = [pscustomobject]@{ Token = 'System.Security.SecureString' } }
        @{ Name = 'an object without a token'; Bad = [pscustomobject]@{ Name = 'secret' } }
    ) {
        $Bad, $plain | Test-AcsToken -ErrorAction SilentlyContinue -ErrorVariable failures | Should -Be $true
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsInvalidToken,AcsIdentity.Commands.TestAcsTokenCommand'
        $failures[0] | Format-List * -Force | Out-String | Should -Not -BeLike '*secret*'
    }

    It 'needs an emulator in this process' {
        $script = {
            Import-Module $args[0]
            try { 'token' | Test-AcsToken } catch { $_.FullyQualifiedErrorId; "$($_.CategoryInfo.Category)" }
        }
        Start-Job $script -ArgumentList $env:ACSIDENTITY_MODULE_PATH | Receive-Job -Wait -AutoRemoveJob |
            Should -Be 'AcsNoEmulator,AcsIdentity.Commands.TestAcsTokenCommand', 'ResourceUnavailable'
    }
}
