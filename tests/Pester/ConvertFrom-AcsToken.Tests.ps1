BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    $emulator = Start-AcsEmulator
    [void](Connect-AcsIdentity -Emulator)
    $identity = New-AcsIdentity -Scope chat, voip
    $secure = $identity.AccessToken
    $plain = $identity | Get-AcsToken -Scope chat, voip -AsPlainText
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
}

Describe 'ConvertFrom-AcsToken' {
    It 'reads <Name>, and sends nothing' -ForEach @(
        @{ Name = 'a token object'; Token = { $secure } }
        @{ Name = 'a token object with plain text'; Token = { $plain } }
        @{ Name = 'an identity with a token'; Token = { $identity } }
        @{ Name = 'a SecureString'; Token = { $secure.Token } }
        @{ Name = 'text'; Token = { $plain.Token } }
        @{ Name = 'a row of a CSV file'; Token = { $plain | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Name = 'an identity from a Clixml file'; Token = {
                New-AcsIdentity -Scope chat, voip -AsPlainText | Export-Clixml (Join-Path $TestDrive 'identity')
                Import-Clixml (Join-Path $TestDrive 'identity')
            }
        }
    ) {
        $given = & $Token
        $before = $emulator.RequestCount
        $piped = $given | ConvertFrom-AcsToken
        $named = ConvertFrom-AcsToken -Token $given
        foreach ($claims in $piped, $named) {
            $claims | Should -BeOfType AcsIdentity.Models.CommunicationTokenClaims
            $claims.Id | Should -Be $(if ($given.Id) { $given.Id } else { $identity.Id })
            $claims.Scope | Should -Be 'chat', 'voip'
            $claims.ResourceId | Should -Be $emulator.ResourceId
            ($claims.ExpiresOn - $claims.IssuedOn).TotalHours | Should -Be 24
            $claims.Claims['acsScope'] | Should -Be 'chat,voip'
        }
        $emulator.RequestCount | Should -Be $before
    }

    It 'refuses <Name>, does not show it, and goes on' -ForEach @(
        @{ Name = 'text that is not a token'; Bad = 'secret' }
        @{ Name = 'a broken token'; Bad = 'secret.secret.secret' }
        @{ Name = 'an empty string'; Bad = '' }
        @{ Name = 'a token that was saved without -AsPlainText'; Bad = [pscustomobject]@{ Token = 'System.Security.SecureString' } }
        @{ Name = 'an object without a token'; Bad = [pscustomobject]@{ Name = 'secret' } }
    ) {
        $Bad, $plain | ConvertFrom-AcsToken -ErrorAction SilentlyContinue -ErrorVariable failures | Should -HaveCount 1
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsInvalidToken,AcsIdentity.Commands.ConvertFromAcsTokenCommand'
        $failures[0].CategoryInfo.Category | Should -Be 'InvalidData'
        $failures[0] | Format-List * -Force | Out-String | Should -Not -BeLike '*secret*'
    }

    It 'refers to Get-AcsToken if an identity has no token' {
        $identity = New-AcsIdentity
        $identity | ConvertFrom-AcsToken -ErrorAction SilentlyContinue -ErrorVariable failures
        "$failures" | Should -BeLike "'$($identity.Id)': *Get-AcsToken*"
    }
}
