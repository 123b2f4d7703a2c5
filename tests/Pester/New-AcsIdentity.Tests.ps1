BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    $emulator = Start-AcsEmulator
    [void](Connect-AcsIdentity -Emulator)
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
}

Describe 'New-AcsIdentity' {
    It 'creates one identity' {
        $identity = New-AcsIdentity
        $identity | Should -BeOfType AcsIdentity.Models.CommunicationIdentity
        $identity.Id | Should -Match "^8:acs:$($emulator.ResourceId)_"
        $identity.Tag | Should -BeNullOrEmpty
        $identity.AccessToken | Should -BeNullOrEmpty
    }

    It 'creates -Count identities with tokens of the requested lifetime, in one request each' {
        $before = $emulator.RequestCount
        $identities = New-AcsIdentity -Count 5 -Scope chat -ExpiresIn 02:00:00
        $emulator.RequestCount - $before | Should -Be 5
        $identities | Should -HaveCount 5
        $identities.Id | Sort-Object -Unique | Should -HaveCount 5
        foreach ($identity in $identities) {
            $identity.AccessToken.Id | Should -Be $identity.Id
            $identity.AccessToken.Scope | Should -Be 'chat'
            $identity.AccessToken.Token | Should -BeOfType securestring
            ($identity.AccessToken.ExpiresOn - [datetimeoffset]::UtcNow).TotalMinutes | Should -BeGreaterThan 110
            ($identity.AccessToken.ExpiresOn - [datetimeoffset]::UtcNow).TotalMinutes | Should -Not -BeGreaterThan 120
            ($identity | ConvertFrom-AcsToken).Id | Should -Be $identity.Id
        }
    }

    It 'writes the token as a string with -AsPlainText' {
        $token = (New-AcsIdentity -Scope voip -AsPlainText).AccessToken
        $token | Should -BeOfType AcsIdentity.Models.CommunicationToken
        $token.Token | Should -BeOfType string
        $token.Token.Split('.') | Should -HaveCount 3
    }

    It 'takes 2h as a lifetime' {
        $claims = New-AcsIdentity -Scope chat -ExpiresIn 2h | ConvertFrom-AcsToken
        ($claims.ExpiresOn - $claims.IssuedOn).TotalHours | Should -Be 2
    }

    It 'uses the default lifetime if -ExpiresIn is $null' {
        ((New-AcsIdentity -Scope chat -ExpiresIn $null).AccessToken.ExpiresOn - [datetimeoffset]::UtcNow).TotalHours | Should -BeGreaterThan 23
    }

    It 'takes tags as <Name>' -ForEach @(
        @{ Name = 'a parameter'; Create = { 'ann', 'bob' | ForEach-Object { New-AcsIdentity -Tag $_ } } }
        @{ Name = 'an argument'; Create = { 'ann', 'bob' | ForEach-Object { New-AcsIdentity $_ } } }
        @{ Name = 'piped strings'; Create = { 'ann', 'bob' | New-AcsIdentity } }
        @{ Name = 'a property of piped objects'; Create = { 'ann', 'bob' | ForEach-Object { [pscustomobject]@{ Tag = $_ } } | New-AcsIdentity } }
        @{ Name = 'a script block on piped objects'; Create = { 'ann', 'bob' | ForEach-Object { [pscustomobject]@{ Upn = $_ } } | New-AcsIdentity -Tag { $_.Upn } } }
        @{ Name = 'a script block on piped objects, with tokens'; Create = { 'ann', 'bob' | ForEach-Object { [pscustomobject]@{ Upn = $_ } } | New-AcsIdentity -Tag { $_.Upn } -Scope chat } }
    ) {
        (& $Create).Tag | Should -Be 'ann', 'bob'
    }

    It 'refuses a number without a parameter name, which may be a tag or a count' {
        $before = $emulator.RequestCount
        { New-AcsIdentity 5 } | Should -Throw -ErrorId 'AcsAmbiguousNumber,*' -ExpectedMessage '*-Count 5*-Tag 5.'
        { $null = New-AcsIdentity -ThrottleLimit 1 5 } | Should -Throw -ErrorId 'AcsAmbiguousNumber,*'
        $emulator.RequestCount | Should -Be $before
        $number = 5
        (New-AcsIdentity -Tag 5), (New-AcsIdentity $number), (5 | New-AcsIdentity -Count 1), (New-AcsIdentity '5') | ForEach-Object Tag | Should -Be 5, 5, 5, 5
    }

    It 'converts a number to the same tag in every culture' {
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            $identity = 1.5 | New-AcsIdentity
            $identity.Tag | Should -Be '1.5'
            ([pscustomobject]@{ Id = $identity.Id; Tag = 1.5 } | Revoke-AcsToken -PassThru).Tag | Should -Be '1.5'
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
    }

    It 'refuses a whole object as a tag and sends nothing' {
        $before = $emulator.RequestCount
        [pscustomobject]@{ Upn = 'ann' } | New-AcsIdentity -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        "$failures" | Should -BeLike '*-Tag { $_.Upn }*'
        $emulator.RequestCount | Should -Be $before
    }

    It 'refuses <Name> as a tag and sends nothing' -ForEach @(
        @{ Name = 'null'; Run = { New-AcsIdentity -Tag $null -ErrorAction Stop } }
        @{ Name = 'an empty string'; Run = { '' | New-AcsIdentity -ErrorAction Stop } }
        @{ Name = 'a blank string'; Run = { ' ' | New-AcsIdentity -ErrorAction Stop } }
        @{ Name = 'the NULL of a database'; Run = { [dbnull]::Value | New-AcsIdentity -ErrorAction Stop } }
        @{ Name = 'piped null'; Run = { $null | New-AcsIdentity -ErrorAction Stop } }
        @{ Name = 'a property that is not there'; Run = { [pscustomobject]@{ Upn = 'ann' } | New-AcsIdentity -Tag { $_.Upnn } -ErrorAction Stop } }
    ) {
        $before = $emulator.RequestCount
        $Run | Should -Throw
        $emulator.RequestCount | Should -Be $before
    }

    It 'creates -Count identities for each tag' {
        ('ann', 'bob' | New-AcsIdentity -Count 2).Tag | Should -Be 'ann', 'ann', 'bob', 'bob'
    }

    It 'refuses <Name> and sends nothing' -ForEach @(
        @{ Name = 'a scope that does not exist'; Run = { New-AcsIdentity -Scope chat, foo }; Message = '*foo*chat, chat.join, chat.join.limited, voip, voip.join*' }
        @{ Name = 'no scope'; Run = { New-AcsIdentity -Scope '' }; Message = '*At least one scope is needed*' }
        @{ Name = 'a lifetime of 59 minutes'; Run = { New-AcsIdentity -Scope chat -ExpiresIn 00:59:00 }; Message = '*00:59:00*1 hour*24 hours*' }
        @{ Name = 'a lifetime of 25 hours'; Run = { New-AcsIdentity -Scope chat -ExpiresIn 25:00:00 }; Message = '*1 hour*24 hours*' }
        @{ Name = 'a number as a lifetime'; Run = { New-AcsIdentity -Scope chat -ExpiresIn 2 }; Message = '*2 has no unit*2m for minutes or 2h for hours*' }
        @{ Name = '-Count 0'; Run = { New-AcsIdentity -Count 0 }; Message = '*minimum allowed range of 1*' }
        @{ Name = '-Count -1'; Run = { New-AcsIdentity -Count -1 }; Message = '*minimum allowed range of 1*' }
    ) {
        $before = $emulator.RequestCount
        $Run | Should -Throw -ExpectedMessage $Message
        $emulator.RequestCount | Should -Be $before
    }

    It 'refuses a row with <Name>, sends nothing for it and goes on' -ForEach @(
        @{ Name = 'a column Scope'; Column = 'Scope'; Create = { $rows | New-AcsIdentity -ErrorAction SilentlyContinue -ErrorVariable script:failures } }
        @{ Name = 'a column Count'; Column = 'Count'; Create = { $rows | New-AcsIdentity -ErrorAction SilentlyContinue -ErrorVariable script:failures } }
        @{ Name = 'a column ExpiresIn'; Column = 'ExpiresIn'; Create = { $rows | New-AcsIdentity -Scope chat -ErrorAction SilentlyContinue -ErrorVariable script:failures } }
        @{ Name = 'a column Count, and another for the tag'; Column = 'Count'; Create = { $rows | New-AcsIdentity -Tag { $_.Tag } -ErrorAction SilentlyContinue -ErrorVariable script:failures } }
        @{ Name = 'a key Count'; Column = 'Count'; Create = { @{ Tag = 'ann'; Count = 2 }, @{ Tag = 'bob' } | New-AcsIdentity -Tag { $_.Tag } -ErrorAction SilentlyContinue -ErrorVariable script:failures } }
    ) {
        $rows = [pscustomobject]@{ Tag = 'ann'; $Column = '2h' }, [pscustomobject]@{ Tag = 'bob'; $Column = ' ' }
        $before = $emulator.RequestCount
        (& $Create).Tag | Should -Be 'bob'
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsUnreadColumn,AcsIdentity.Commands.NewAcsIdentityCommand'
        "$failures" | Should -BeLike "'ann': *column $Column*Use -$Column*-ExcludeProperty $Column."
        $emulator.RequestCount - $before | Should -Be 1
    }

    It 'takes a row with <Name>' -ForEach @(
        @{ Name = 'a column whose parameter is given'; Create = { [pscustomobject]@{ Tag = 'ann'; Scope = 'voip'; Count = 3 } | New-AcsIdentity -Scope chat -Count 1 } }
        @{ Name = 'a property Count that is not a column'; Create = { 'ann', 'ann' | Group-Object | New-AcsIdentity -Tag { $_.Name } } }
        @{ Name = 'the number of its keys'; Create = { @{ Upn = 'ann' } | New-AcsIdentity -Tag { $_.Upn } } }
        @{ Name = 'scopes that are no column'; Create = { New-AcsIdentity -Tag ann | Get-AcsToken -Scope chat | New-AcsIdentity } }
    ) {
        (& $Create).Tag | Should -Be 'ann'
    }

    It 'refuses one -Tag for all piped objects' {
        $before = $emulator.RequestCount
        { 1..2 | New-AcsIdentity -Tag ann -ErrorAction Stop } | Should -Throw -ExpectedMessage '*Pipe the tags*-Count.' -ErrorId 'InputObjectNotBound,*'
        $emulator.RequestCount | Should -Be $before
    }

    It 'sends nothing with -WhatIf' {
        $before = $emulator.RequestCount
        New-AcsIdentity -Count 3 -Scope chat -WhatIf | Should -BeNullOrEmpty
        $emulator.RequestCount | Should -Be $before
    }
}
