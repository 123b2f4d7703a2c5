# The ledger through the cmdlets: every identity is accounted for, whatever becomes of the process.
BeforeDiscovery {
    $stores = @{ Store = 'a file' }, @{ Store = 'a table' }
}

BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
    . $PSScriptRoot/Support/EmulatorProgram.ps1
    . $PSScriptRoot/Support/EmulatorControl.ps1
    . $PSScriptRoot/Support/LedgerRun.ps1
    . $PSScriptRoot/Support/Azurite.ps1
    $azurite = Open-Azurite
    # Late answers, so that creates are in flight at any moment.
    $emulator = Open-EmulatorProgram '--latency', '5'

    # Where a new ledger is: the parameters of Open-LedgerRun.
    function Get-NewPlace([string] $Store) {
        if ($Store -eq 'a file') {
            @{ Ledger = Join-Path $TestDrive "$([guid]::NewGuid()).db" }
        }
        elseif ($azurite.Missing) {
            Set-ItResult -Skipped -Because $azurite.Missing
        }
        else {
            @{ Ledger = "$($azurite.Account)/t$([guid]::NewGuid().ToString('N'))"; Storage = $azurite.ConnectionString }
        }
    }

    # Connects this session to the emulator with the ledger.
    function Connect-Place([hashtable] $Place) {
        $ledger = @{ Ledger = $Place.Ledger }
        if ($Place.Storage) {
            $ledger.LedgerConnectionString = ConvertTo-SecureString $Place.Storage -AsPlainText -Force
        }

        [void](Connect-AcsIdentity $emulator.ConnectionString -CreateQuota 1000000 -DeleteQuota 1000000 @ledger)
    }
}

AfterAll {
    Disconnect-AcsIdentity
    Close-EmulatorProgram $emulator
    Close-Azurite $azurite
}

Describe 'A ledger of the environment' {
    It 'is not made by -WhatIf' {
        $env:ACS_IDENTITY_LEDGER = Join-Path $TestDrive 'unused.db'
        try {
            [void](Connect-AcsIdentity $emulator.ConnectionString)
            'ann' | New-AcsIdentity -WhatIf
            Test-Path $env:ACS_IDENTITY_LEDGER | Should -BeFalse
        }
        finally {
            $env:ACS_IDENTITY_LEDGER = $null
        }
    }
}

Describe 'Creating with the ledger in <Store>' -ForEach $stores {
    BeforeEach {
        [void](Invoke-Emulator reset Post)
        $place = Get-NewPlace $Store
        if ($place) { Connect-Place $place }
    }

    It 'records tag, id, time, user and token, and the same objects go on through the pipeline' {
        $before = [datetimeoffset]::Now.AddSeconds(-1)
        $made = 'ann', 'bob' | New-AcsIdentity -Scope chat, voip

        $found = Get-AcsIdentity | Sort-Object Tag
        $found.Id | Should -Be ($made | Sort-Object Tag).Id
        $found.Tag | Should -Be 'ann', 'bob'
        $found[0].Scope | Should -Be 'chat', 'voip'
        ([datetimeoffset]"$($found[0].TokenExpiresOn)") | Should -BeGreaterThan ([datetimeoffset]::Now.AddHours(23))
        ([datetimeoffset]"$($found[0].CreatedOn)") | Should -BeGreaterThan $before
        $found[0].CreatedBy | Should -Be "$([Environment]::UserName)@$([Environment]::MachineName)"

        (Get-AcsIdentity -Tag ann | Get-AcsToken -Scope chat).Tag | Should -Be 'ann'
        Get-AcsIdentity -Tag ann | Revoke-AcsToken
        (Get-AcsIdentity -Tag ann).Scope | Should -BeNullOrEmpty
        Get-AcsIdentity -WithoutLiveToken | ForEach-Object Tag | Should -Be 'ann'
        Get-AcsIdentity -Tag ann | Remove-AcsIdentity -Force
        Get-AcsIdentity | ForEach-Object Tag | Should -Be 'bob'
        Get-AcsIdentity -State Deleted | ForEach-Object Tag | Should -Be 'ann'
        (Get-EmulatorCount) | Should -Be 1
    }

    It 'never has a token, a key or a claim' {
        $made = 'ann', 'bob' | New-AcsIdentity -Scope chat -AsPlainText
        $tokens = @($made.Token; ($made | Get-AcsToken -Scope voip -AsPlainText).Token)
        $signatures = $tokens | ForEach-Object { ($_ -split '\.')[2]; ($_ -split '\.')[1] }
        $key = ($emulator.ConnectionString -split 'accesskey=')[1]

        if ($place.Storage) {
            # Every text that the table has.
            $text = Get-AcsIdentity -State All | ConvertTo-Json -Depth 5
        }
        else {
            $text = Get-ChildItem "$($place.Ledger)*" | ForEach-Object { [Text.Encoding]::GetEncoding('iso-8859-1').GetString([IO.File]::ReadAllBytes($_.FullName)) }
        }

        "$text" | Should -BeLike '*ann*'
        foreach ($secret in @($signatures; $key)) {
            "$text".Contains($secret) | Should -BeFalse
        }
    }

    It 'keeps a tag as it is, or refuses it before anything is created' {
        $tags = "it's `"quoted`"", '../a/b\c#d?e%00', "line`r`nbreak`ttab", "$([char]::ConvertFromUtf32(0x1F600)) $([char]0xFC)n$([char]0xEF)code", ('x' * 10000), "'; DROP TABLE identity; --", "' or Tag ne '", '*[a-z]?', ' blank '
        $made = $tags | New-AcsIdentity
        $made.Tag | Should -Be $tags

        foreach ($i in 0..($tags.Count - 1)) {
            (Get-AcsIdentity -Tag ([WildcardPattern]::Escape($tags[$i]))).Id | Should -Be $made[$i].Id
        }

        ($tags | New-AcsIdentity -ReuseExisting).Id | Should -Be $made.Id
        'a', "x`0y", ('y' * 32768), 'b' | New-AcsIdentity -ErrorAction SilentlyContinue -ErrorVariable refused | ForEach-Object Tag | Should -Be 'a', 'b'
        $refused.FullyQualifiedErrorId | Should -BeLike 'AcsInvalidTag,*'
        (Get-EmulatorCount) | Should -Be ($tags.Count + 2)
    }

    It 'after a kill has every identity but those in flight, and the same command completes the set' {
        foreach ($seed in 1..4) {
            Invoke-KilledRun @place -Last 400 -Seed $seed -LongestMilliseconds 300
        }

        $exist = @((Invoke-Emulator identities).newest.id)
        $active = @(Get-AcsIdentity)
        $pending = @(Get-AcsIdentity -State Pending, Unknown)
        $active.Id | Where-Object { $_ -notin $exist } | Should -BeNullOrEmpty
        $exist.Count - $active.Count | Should -BeGreaterOrEqual 0
        $exist.Count - $active.Count | Should -BeLessOrEqual $pending.Count
        # Each run leaves at most its eight creates in flight.
        $pending.Count | Should -BeLessOrEqual 32
        $missing = 400 - @($active.Tag | Sort-Object -Unique).Count

        $run = Close-LedgerRun (Open-LedgerRun @place -First 1 -Last 400 -ReuseExisting)
        $run.Errors | Should -BeNullOrEmpty
        $run.Ids.Count | Should -Be 400
        @(Get-AcsIdentity -State Pending).Count | Should -Be 0
        @(Get-AcsIdentity -State Unknown).Count | Should -Be $pending.Count
        (Get-EmulatorCount) | Should -Be ($exist.Count + $missing)
        if (@($pending | Where-Object State -EQ Pending)) {
            "$($run.Other)" | Should -Match 'Earlier runs died while'
        }
    }

    It 'four processes that ask for the same tags make one identity of each' {
        $runs = 1..4 | ForEach-Object { Open-LedgerRun @place -First 1 -Last 100 -ReuseExisting }
        $results = $runs | ForEach-Object { Close-LedgerRun $_ }

        $results.Errors -join '' | Should -BeNullOrEmpty
        @($results | ForEach-Object { $_.Ids -join ' ' } | Sort-Object -Unique).Count | Should -Be 1
        (Get-EmulatorCount) | Should -Be 100
        @(Get-AcsIdentity).Count | Should -Be 100
    }

    It 'four processes record all that they create' {
        $runs = 1..4 | ForEach-Object { Open-LedgerRun @place -First "${_}001" -Last "${_}250" }
        $results = $runs | ForEach-Object { Close-LedgerRun $_ }

        $results.Errors -join '' | Should -BeNullOrEmpty
        (Get-EmulatorCount) | Should -Be 1000
        (Get-AcsIdentity).Id | Sort-Object | Should -Be ($results.Ids | Sort-Object)
    }
}
