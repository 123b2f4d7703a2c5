# Identities in the whole pipeline, as objects and through files.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    $emulator = Start-AcsEmulator
    [void](Connect-AcsIdentity -Emulator)
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
}

Describe 'The pipeline' {
    It 'runs from New-AcsIdentity to Remove-AcsIdentity without an error' {
        $before = $emulator.RequestCount
        New-AcsIdentity -ErrorVariable failures |
            Get-AcsToken -Scope voip -ErrorVariable +failures |
            Revoke-AcsToken -PassThru -ErrorVariable +failures |
            Remove-AcsIdentity -Force -ErrorVariable +failures |
            Should -BeNullOrEmpty
        $failures | Should -BeNullOrEmpty
        $emulator.IdentityCount | Should -Be 0
        $emulator.RequestCount - $before | Should -Be 4
    }

    It 'runs if the output of each cmdlet goes through <Name>' -ForEach @(
        @{ Name = 'CSV'; Export = { $input | Export-Csv $file }; Import = { Import-Csv $file } }
        @{ Name = 'JSON'; Export = { $input | ConvertTo-Json -Depth 4 | Set-Content $file }; Import = { Get-Content -Raw $file | ConvertFrom-Json } }
        @{ Name = 'Clixml'; Export = { $input | Export-Clixml $file }; Import = { Import-Clixml $file } }
        @{ Name = 'a job'; Export = { $script:jobInput = @($input) }; Import = { $script:jobInput | Start-Job { $input } | Receive-Job -Wait -AutoRemoveJob } }
    ) {
        $file = Join-Path $TestDrive 'stage'
        $identities = New-AcsIdentity -Count 2 -Tag bob
        $identities | & $Export
        $tokens = & $Import | Get-AcsToken -Scope voip
        $tokens | Should -HaveCount 2
        $tokens.Id | Should -Be $identities.Id
        $tokens.Tag | Should -Be 'bob', 'bob'
        $tokens | & $Export
        $renewed = & $Import | Get-AcsToken
        $renewed.Tag | Should -Be 'bob', 'bob'
        $renewed | & $Export
        $revoked = & $Import | Revoke-AcsToken -PassThru
        $revoked.Id | Should -Be $identities.Id
        $revoked.Tag | Should -Be 'bob', 'bob'
        $revoked | & $Export
        & $Import | Remove-AcsIdentity -Force
        $emulator.IdentityCount | Should -Be 0
    }

    It 'renews a token that went through <Name>' -ForEach @(
        @{ Name = 'the pipeline'; Through = { $input } }
        @{ Name = 'CSV'; Through = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Name = 'JSON'; Through = { $input | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ Name = 'Clixml'; Through = { $input | Export-Clixml (Join-Path $TestDrive 'x'); Import-Clixml (Join-Path $TestDrive 'x') } }
    ) {
        $old = New-AcsIdentity | Get-AcsToken -Scope voip, chat.join
        $new = $old | & $Through | Get-AcsToken
        $new.Id | Should -Be $old.Id
        $new.Scope | Should -Be 'voip', 'chat.join'
        $new.Id | Remove-AcsIdentity -Force
    }

    It 'keeps the tag of <Name>' -ForEach @(
        @{ Name = 'an identity'; Issue = { New-AcsIdentity -Tag ann | Get-AcsToken -Scope chat } }
        @{ Name = 'an identity, as plain text'; Issue = { New-AcsIdentity -Tag ann | Get-AcsToken -Scope chat -AsPlainText } }
        @{ Name = 'an identity that was created with a token'; Issue = { (New-AcsIdentity -Tag ann -Scope chat).AccessToken } }
        @{ Name = 'an identity that was created with a token as plain text'; Issue = { (New-AcsIdentity -Tag ann -Scope chat -AsPlainText).AccessToken } }
        @{ Name = 'a hashtable'; Issue = { @{ Id = (New-AcsIdentity).Id; Tag = 'ann' } | Get-AcsToken -Scope chat } }
    ) {
        $token = & $Issue
        $token.Tag | Should -Be 'ann'
        ($token | Get-AcsToken).Tag | Should -Be 'ann'
        ($token | Revoke-AcsToken -PassThru).Tag | Should -Be 'ann'
        $token | Remove-AcsIdentity -Force
    }

    It 'has no tag if there is none: <Name>' -ForEach @(
        @{ Name = 'an id'; Through = { $input.Id } }
        @{ Name = 'a row of a CSV file'; Through = { $input | ConvertTo-Csv | ConvertFrom-Csv } }
    ) {
        $token = New-AcsIdentity | & $Through | Get-AcsToken -Scope chat
        $null -eq $token.Tag | Should -BeTrue
        $token | Remove-AcsIdentity -Force
    }

    It 'saves a map of users and identities as CSV, and uses it' {
        $map = Join-Path $TestDrive 'map.csv'
        'Upn', 'ann@contoso.com', 'bob@contoso.com' | Set-Content (Join-Path $TestDrive 'users.csv')
        Import-Csv (Join-Path $TestDrive 'users.csv') | New-AcsIdentity -Tag { $_.Upn } | Export-Csv $map
        $rows = Import-Csv $map
        $rows.Tag | Should -Be 'ann@contoso.com', 'bob@contoso.com'
        (Import-Csv $map | Revoke-AcsToken -PassThru).Tag | Should -Be $rows.Tag
        Import-Csv $map | Remove-AcsIdentity -Force
        $emulator.IdentityCount | Should -Be 0
    }

    It 'continues after an identity that does not exist' {
        $first, $gone, $last = New-AcsIdentity -Count 3
        $gone | Remove-AcsIdentity -Force
        $tokens = $first, $gone, $last | Get-AcsToken -Scope chat -ErrorAction SilentlyContinue -ErrorVariable failures
        $tokens.Id | Should -Be $first.Id, $last.Id
        $failures | Should -HaveCount 1
        $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsIdentityNotFound,AcsIdentity.Commands.GetAcsTokenCommand'
        $failures[0].TargetObject | Should -Be $gone.Id
        "$($failures[0])" | Should -BeLike "'$($gone.Id)': $($emulator.Endpoint)*"
        $failures[0].Exception.ServiceCode | Should -Be 'IdentityNotOwned'
        $failures[0].Exception.RequestId | Should -Not -BeNullOrEmpty
        $first, $last | Remove-AcsIdentity -Force
    }

    It 'goes on after a null with <Name>' -ForEach @(
        @{ Name = 'Get-AcsToken'; Run = { $null, $identity | Get-AcsToken -Scope chat } }
        @{ Name = 'Get-AcsToken -Identity'; Run = { Get-AcsToken -Identity $null, $identity -Scope chat } }
        @{ Name = 'Revoke-AcsToken'; Run = { $null, $identity | Revoke-AcsToken -PassThru } }
        @{ Name = 'Revoke-AcsToken -Identity'; Run = { Revoke-AcsToken -Identity $null, $identity -PassThru } }
        @{ Name = 'Remove-AcsIdentity'; Run = { $null, $identity | Remove-AcsIdentity -Force } }
        @{ Name = 'Remove-AcsIdentity -Identity'; Run = { Remove-AcsIdentity -Identity $null, $identity -Force } }
    ) {
        $identity = New-AcsIdentity
        $before = $emulator.RequestCount
        $Error.Clear()
        $ErrorActionPreference = 'SilentlyContinue'
        [void](& $Run)
        $Error | Should -HaveCount 1
        $Error[0].FullyQualifiedErrorId | Should -BeLike 'AcsInvalidIdentity,*'
        $emulator.RequestCount - $before | Should -Be 1
    }

    It 'refuses a null alone: <_>' -ForEach '$null | Get-AcsToken -Scope chat', 'Get-AcsToken -Identity $null -Scope chat', 'Get-AcsToken $null -Scope chat',
    '$null | Revoke-AcsToken', 'Revoke-AcsToken -Identity $null', '$null | Remove-AcsIdentity -Force', 'Remove-AcsIdentity -Identity $null -Force' {
        $failure = { & ([scriptblock]::Create("$_ -ErrorAction Stop")) } | Should -Throw -ErrorId 'AcsInvalidIdentity,*' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        "$failure" | Should -BeLike '*null*'
    }

    It 'writes the first object before it reads the last one' {
        $order = [Collections.Generic.List[string]]::new()
        1..100 | ForEach-Object { $order.Add("in $_"); "$_" } | New-AcsIdentity | ForEach-Object { $order.Add("out $($_.Tag)"); $_ } | Remove-AcsIdentity -Force
        $order.IndexOf('out 1') | Should -BeLessThan $order.IndexOf('in 100')
        $order -like 'out *' | Should -Be (1..100 | ForEach-Object { "out $_" })
    }
}

Describe 'Objects' {
    BeforeAll {
        $created = New-AcsIdentity -Tag ann -Scope chat
        $revoked = $created | Revoke-AcsToken -PassThru
        $other = New-AcsIdentity -Tag ann
    }

    It 'are one for one identity, with a token and without, to <Name>' -ForEach @(
        @{ Name = '-eq'; Finds = { $created -eq $revoked }; Expected = $true }
        @{ Name = '-ne'; Finds = { $created -ne $revoked }; Expected = $false }
        @{ Name = '-contains'; Finds = { $created, $other -contains $revoked }; Expected = $true }
        @{ Name = '-notin'; Finds = { $revoked -notin $other, $created }; Expected = $false }
        @{ Name = 'a hashtable'; Finds = { @{ $created = 1 }[$revoked] }; Expected = 1 }
        @{ Name = 'Select-Object -Unique'; Finds = { @($created, $other, $revoked | Select-Object -Unique).Count }; Expected = 2 }
        @{ Name = 'Sort-Object -Unique'; Finds = { @($created, $other, $revoked | Sort-Object -Unique).Count }; Expected = 2 }
        @{ Name = 'Get-Unique'; Finds = { @($created, $revoked, $other | Get-Unique).Count }; Expected = 2 }
        @{ Name = 'Group-Object'; Finds = { @($created, $other, $revoked | Group-Object).Length }; Expected = 2 }
        @{ Name = 'Group-Object -AsHashTable'; Finds = { ($created, $other, $revoked | Group-Object -AsHashTable)[$revoked].Count }; Expected = 2 }
        @{ Name = 'Compare-Object'; Finds = { (Compare-Object @($created, $other) @($revoked)).InputObject.Id }; Expected = { $other.Id } }
    ) {
        & $Finds | Should -Be $(if ($Expected -is [scriptblock]) { & $Expected } else { $Expected })
    }

    It 'are one for one token' {
        $token = $created.AccessToken
        $text = (New-AcsIdentity -Scope chat -AsPlainText).AccessToken
        $token -eq $created.AccessToken | Should -BeTrue
        $token -eq ($created | Get-AcsToken -Scope voip) | Should -BeFalse
        $token -eq $text | Should -BeFalse
        $token -eq $created | Should -BeFalse
        $token.Scope.Equals($text.Scope) | Should -BeTrue
    }
}

Describe 'A view' {
    BeforeAll {
        $identity = New-AcsIdentity -Tag alice@contoso.com -Scope chat
        $token = $identity.AccessToken
        $text = $identity | Get-AcsToken -Scope chat -AsPlainText
        $culture = [cultureinfo]::CurrentCulture
    }

    AfterEach {
        [cultureinfo]::CurrentCulture = $culture
    }

    It 'shows the user at 80 columns: <Name>' -ForEach @(
        @{ Name = 'an identity'; Object = { $identity } }
        @{ Name = 'a token'; Object = { $token } }
        @{ Name = 'a row of an exported map'; Object = { $identity | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Name = 'a row of exported tokens'; Object = { $text | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Name = 'a deserialized token'; Object = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($text)) } }
    ) {
        & $Object | Format-Table | Out-String -Width 80 | Should -BeLike '*alice@contoso.com*'
    }

    It 'begins with Tag in CSV: <Name>' -ForEach @(
        @{ Name = 'an identity'; Object = { $identity }; Columns = '"Tag","Id","AccessToken"' }
        @{ Name = 'an identity with a token as plain text'; Object = { New-AcsIdentity -Scope chat -AsPlainText }; Columns = '"Tag","Id","AccessToken","Token"' }
        @{ Name = 'a token'; Object = { $token }; Columns = '"Tag","Id","Scope","ExpiresOn"' }
        @{ Name = 'a token as plain text'; Object = { $text }; Columns = '"Tag","Id","Scope","ExpiresOn","Token"' }
        @{ Name = 'a token from a Clixml file'; Object = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($text)) }; Columns = '"Tag","Id","Scope","ExpiresOn","Token"' }
        @{ Name = 'claims'; Object = { $text | ConvertFrom-AcsToken }; Columns = '"Tag","Id","Scope","IssuedOn","ExpiresOn","ResourceId","Claims"' }
    ) {
        (& $Object | ConvertTo-Csv)[0] | Should -BeExactly $Columns
    }

    It 'writes a time as ISO 8601 in UTC in culture <_>' -ForEach 'en-US', 'de-DE', 'ar-SA' {
        [cultureinfo]::CurrentCulture = $_
        $mock = [AcsIdentity.Models.PlainTextCommunicationToken]::new($identity.Id, 'chat', [datetimeoffset]'2026-11-25T14:00:00.75+02:00', 'x')
        $iso = '2026-11-25T12:00:00Z'
        ($mock | ConvertTo-Csv | ConvertFrom-Csv).ExpiresOn | Should -BeExactly $iso
        $mock | Format-Table | Out-String | Should -BeLike "*$iso*"
        $mock | Format-List | Out-String | Should -BeLike "*ExpiresOn : $iso*"
        $mock | Select-Object ExpiresOn | Format-List | Out-String | Should -BeLike "*ExpiresOn : $iso*"
        "$mock" | Should -BeLike "*until $iso"
        # Windows PowerShell writes a time to JSON as an object.
        if ($PSEdition -eq 'Core') {
            $mock | ConvertTo-Json | Should -BeLike '*"ExpiresOn": "2026-11-25T12:00:00.75+00:00"*' -Because 'JSON keeps the fraction'
        }

        $claims = $text | ConvertFrom-AcsToken
        $claims | Format-List | Out-String | Should -Match 'IssuedOn   : \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\s+ExpiresOn  : \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ'
        ($claims | ConvertTo-Csv | ConvertFrom-Csv).IssuedOn | Should -Match '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$'
    }

    It 'leaves a time a date' {
        $mock = [AcsIdentity.Models.SecureCommunicationToken]::new($identity.Id, 'chat', [datetimeoffset]'2026-11-25T12:00:00Z', $token.Token)
        $mock.ExpiresOn | Should -BeOfType datetimeoffset
        $token.ExpiresOn -gt (Get-Date) | Should -BeTrue
        $token.ExpiresOn -lt (Get-Date).AddDays(2) | Should -BeTrue
        @($token, $mock | Where-Object ExpiresOn -EQ ([datetimeoffset]'2026-11-25T12:00:00Z')) | Should -Be $mock
        ($token.ExpiresOn - [datetimeoffset]::UtcNow).TotalHours | Should -BeGreaterThan 23
        $mock.ExpiresOn.ToUnixTimeSeconds() | Should -Be 1795608000
        '{0:yyyy-MM-dd HH:mm}' -f $mock.ExpiresOn | Should -Be '2026-11-25 12:00'
        $mock.ExpiresOn.AddHours(1).ToString('HH:mm') | Should -Be '13:00'
        $later = [AcsIdentity.Models.PlainTextCommunicationToken]::new($identity.Id, 'chat', [datetimeoffset]'2026-11-25T12:30:00+00:00', 'x')
        $later, $mock | Sort-Object ExpiresOn | ForEach-Object { $_.ExpiresOn.Minute } | Should -Be 0, 30
    }

    It 'tells whether <Name> is expired' -ForEach @(
        @{ Name = 'a token'; Through = { $input } }
        @{ Name = 'a token from a Clixml file'; Through = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize(@($input)[0])) } }
        @{ Name = 'a token of an identity from a Clixml file'; Through = {
                $holder = [AcsIdentity.Models.CommunicationIdentity]::new($identity.Id, 'ann', @($input)[0])
                [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($holder)).AccessToken
            }
        }
    ) {
        foreach ($culture in 'en-US', 'de-DE', 'ar-SA') {
            [cultureinfo]::CurrentCulture = $culture
            foreach ($hours in -1, 1) {
                $mock = [AcsIdentity.Models.PlainTextCommunicationToken]::new($identity.Id, 'chat', [datetimeoffset]::UtcNow.AddHours($hours), 'x')
                ($mock | & $Through).IsExpired | Should -Be ($hours -lt 0)
                @($mock | & $Through | Where-Object IsExpired).Count | Should -Be ([int]($hours -lt 0))
            }
        }
    }

    It 'tells whether the token of claims is expired' {
        foreach ($hours in -1, 1) {
            $payload = "{`"exp`":$([datetimeoffset]::UtcNow.AddHours($hours).ToUnixTimeSeconds())}"
            $claims = "e30.$([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($payload)).TrimEnd('=').Replace('+', '-').Replace('/', '_')).AA" | ConvertFrom-AcsToken
            $claims.IsExpired | Should -Be ($hours -lt 0)
            $claims | Format-List | Out-String | Should -Match "IsExpired  : $($hours -lt 0)"
        }
        $null -eq ('e30.e30.AA' | ConvertFrom-AcsToken).IsExpired | Should -BeTrue
    }

    It 'does not write IsExpired into a file, where it would soon be wrong: <_>' -ForEach 'ConvertTo-Csv', 'ConvertTo-Json' {
        foreach ($object in $text, $token, ($text | ConvertFrom-AcsToken)) {
            $object | & $_ | Out-String | Should -Not -BeLike '*IsExpired*'
            [System.Management.Automation.PSSerializer]::Serialize($object) | Should -Not -BeLike '*IsExpired*'
        }
    }

    It 'of a connection leaves the tables of the same script tables, and no view shows a token' {
        $id = $identity.Id
        $plain = [AcsIdentity.Models.PlainTextCommunicationToken]::new($id, 'chat', [datetimeoffset]::UtcNow, 'secret-token', 'ann')
        $shown = & { Get-AcsConnection; $identity; $plain; [AcsIdentity.Models.PlainTextCommunicationIdentity]::new($id, 'bob', $plain) } | Out-String -Width 120
        $shown | Should -Match "Endpoint\s+: $([regex]::Escape($emulator.Endpoint))"
        $shown | Should -Match '(?m)^.*Tag\S*\s+\S*Id'
        $shown | Should -Not -BeLike '*secret-token*'
    }
}
