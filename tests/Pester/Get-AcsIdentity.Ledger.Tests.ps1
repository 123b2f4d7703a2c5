# Get-AcsIdentity with a ledger.
BeforeDiscovery {
    $stores = @{ Store = 'a file' }, @{ Store = 'a table' }
}

BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
    . $PSScriptRoot/Support/EmulatorControl.ps1
    . $PSScriptRoot/Support/Azurite.ps1
    $azurite = Open-Azurite

    # Connects to a new emulator with a new ledger. Its parameters are in $place.
    function Use-NewLedger([string] $Store) {
        Use-NewEmulator
        $script:place = if ($Store -ne 'a table') {
            @{ Ledger = Join-Path $TestDrive "$(New-Guid).db" }
        }
        elseif ($azurite.Missing) {
            Set-ItResult -Skipped -Because $azurite.Missing
        }
        else {
            @{ Ledger = "$($azurite.Account)/t$((New-Guid).ToString('N'))"; LedgerConnectionString = $azurite.ConnectionString }
        }

        $with = $script:place
        $script:connection = Connect-AcsIdentity -Emulator @with
    }

    # Adds records that no cmdlet makes at once: of other times, states and programs.
    function Add-Record([hashtable[]] $Record) {
        $Record | ForEach-Object {
            [pscustomobject](@{ Id = "8:acs:$(New-Guid)_$(New-Guid)" } + $_)
        } | Import-AcsIdentity
    }
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
    Close-Azurite $azurite
}

Describe 'Get-AcsIdentity with a ledger in <Store>' -ForEach $stores {
    BeforeEach { Use-NewLedger $Store }

    It 'writes the identities of every process, with what is known of them' {
        $alice = New-AcsIdentity -Tag alice -Scope chat
        New-AcsIdentity -Tag bob | Remove-AcsIdentity -Force
        $found = Invoke-PowerShellProcess -ArgumentList $connection.Endpoint, $place {
            param($endpoint, $place)
            Import-Module $env:ACSIDENTITY_MODULE_PATH
            [void](Connect-AcsIdentity "endpoint=$endpoint;accesskey=c2VjcmV0" @place)
            Get-AcsIdentity -State All | ConvertTo-Csv
        } | ConvertFrom-Csv
        $found | Should -HaveCount 2
        $found[0].PSObject.Properties.Name | Should -Be Tag, Id, State, CreatedOn, CreatedBy, Scope, TokenExpiresOn, TokensRevokedOn, DeletedOn, AccessToken
        $recorded = $found | Where-Object Tag -EQ alice
        $recorded.Id | Should -Be $alice.Id
        $recorded.State | Should -Be Active
        $recorded.CreatedOn | Should -Match '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$'
        $recorded.CreatedBy | Should -Be "$([Environment]::UserName)@$([Environment]::MachineName)"
        $recorded.Scope | Should -Be chat
        $recorded.TokenExpiresOn | Should -Be ('{0}' -f $alice.AccessToken.ExpiresOn)
        ($found | Where-Object Tag -EQ bob).State | Should -Be Deleted
        ($found | Where-Object Tag -EQ bob).DeletedOn | Should -Not -BeNullOrEmpty
    }

    It 'finds <Name>' -ForEach @(
        @{ Name = 'a tag'; Find = { Get-AcsIdentity ann }; Expected = 'ann' }
        @{ Name = 'a tag by its case'; Find = { Get-AcsIdentity ANN }; Expected = 'ANN' }
        @{ Name = 'several tags'; Find = { Get-AcsIdentity -Tag ann, bob }; Expected = 'ann', 'bob' }
        @{ Name = 'a pattern, with case'; Find = { Get-AcsIdentity a* }; Expected = 'ann', 'anna' }
        @{ Name = 'a pattern that begins with a wildcard'; Find = { Get-AcsIdentity '*[bB]' }; Expected = 'bob' }
        @{ Name = 'a pattern, with case after its wildcard'; Find = { Get-AcsIdentity *nn }; Expected = 'ann' }
        @{ Name = 'what two patterns match, once'; Find = { Get-AcsIdentity ann*, *nna, ann }; Expected = 'ann', 'anna' }
        @{ Name = 'all with a tag'; Find = { Get-AcsIdentity * }; Expected = 'ANN', 'ann', 'anna', 'bob', 'x[1]*' }
        @{ Name = 'a tag with escaped wildcards'; Find = { Get-AcsIdentity 'x`[1`]`*' }; Expected = 'x[1]*' }
        @{ Name = 'a pattern with escaped wildcards'; Find = { Get-AcsIdentity 'x`[?`]*' }; Expected = 'x[1]*' }
        @{ Name = 'piped tags'; Find = { 'bob', 'ann' | Get-AcsIdentity }; Expected = 'ann', 'bob' }
        @{ Name = 'a property Tag'; Find = { [pscustomobject]@{ Tag = 'bob'; Name = 'x' } | Get-AcsIdentity }; Expected = 'bob' }
        @{ Name = 'a property that -Tag names'; Find = { [pscustomobject]@{ Upn = 'bob' } | Get-AcsIdentity -Tag { $_.Upn } }; Expected = 'bob' }
        @{ Name = 'ids'; Find = { Get-AcsIdentity -Id $made[0].Id, $made[3].Id }; Expected = 'ann', 'bob' }
        @{ Name = 'a property Id'; Find = { [pscustomobject]@{ Id = $made[3].Id } | Get-AcsIdentity }; Expected = 'bob' }
        @{ Name = 'piped identities by their ids'; Find = { $made[0, 3] | Get-AcsIdentity }; Expected = 'ann', 'bob' }
        @{ Name = 'an id whose tag matches'; Find = { Get-AcsIdentity -Id $made.Id -Tag b* -ErrorAction Ignore }; Expected = 'bob' }
        @{ Name = 'the first ones'; Find = { Get-AcsIdentity bob, ann, ANN -First 2 }; Expected = 'ann', 'bob' }
    ) {
        $made = 'ann', 'ANN', 'anna', 'bob', 'x[1]*' | New-AcsIdentity
        New-AcsIdentity | Out-Null
        (& $Find).Tag | Sort-Object -CaseSensitive -Culture '' | Should -BeExactly ($Expected | Sort-Object -CaseSensitive -Culture '')
    }

    It 'writes those of its connection only' {
        [void](New-AcsIdentity -Tag ann)
        $other = Connect-AcsIdentity 'endpoint=https://contoso.communication.azure.com/;accesskey=c2VjcmV0' -Name other @place
        Get-AcsIdentity -Connection $other -State All | Should -BeNullOrEmpty
        Disconnect-AcsIdentity other
    }

    It 'finds by state' {
        Add-Record @{ Tag = 'here' }, @{ Tag = 'gone'; State = 'Deleted' }
        (Get-AcsIdentity).Tag | Should -Be here
        (Get-AcsIdentity -State Deleted).Tag | Should -Be gone
        (Get-AcsIdentity -State Active, Deleted).Tag | Sort-Object | Should -Be gone, here
        (Get-AcsIdentity -State All).Tag | Sort-Object | Should -Be gone, here
        Get-AcsIdentity -State Pending, Unknown | Should -BeNullOrEmpty
    }

    It 'finds by the time of creation, of which a text without a zone is local time' {
        if ($env:OS -eq 'Windows_NT') { Set-ItResult -Skipped -Because 'Windows does not take the time zone from the environment' }
        Add-Record @{ Tag = 'old'; CreatedOn = '2026-01-01T12:00:00Z' }, @{ Tag = 'new'; CreatedOn = '2026-02-01T12:00:00Z' }, @{ Tag = 'foreign' }
        (Get-AcsIdentity -CreatedBefore 2026-01-15).Tag | Should -Be old
        (Get-AcsIdentity -CreatedAfter 2026-01-15).Tag | Should -Be new
        (Get-AcsIdentity -CreatedAfter 2026-01-01T12:00:00Z -CreatedBefore 2026-02-01T12:00:00Z).Tag | Should -Be old
        $found = Invoke-PowerShellProcess -ArgumentList $connection.Endpoint, $place {
            param($endpoint, $place)
            $env:TZ = 'Asia/Tokyo'
            [TimeZoneInfo]::ClearCachedData()
            Import-Module $env:ACSIDENTITY_MODULE_PATH
            [void](Connect-AcsIdentity "endpoint=$endpoint;accesskey=c2VjcmV0" @place)
            # 12:00 UTC is 21:00 in Tokyo.
            @(Get-AcsIdentity -CreatedBefore '2026-01-01 21:00').Count
            (Get-AcsIdentity -CreatedBefore '2026-01-01 21:01').Tag
            (Get-AcsIdentity -CreatedBefore ([datetime]'2026-01-01 21:01')).Tag
        }
        $found | Should -Be 0, old, old
    }

    It 'finds those without a live token' {
        [void](New-AcsIdentity -Tag live -Scope chat)
        [void](New-AcsIdentity -Tag bare)
        New-AcsIdentity -Tag revoked -Scope chat | Revoke-AcsToken
        (Get-AcsIdentity -WithoutLiveToken).Tag | Sort-Object | Should -Be bare, revoked
        Get-AcsIdentity live -WithoutLiveToken -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -BeNullOrEmpty -Because 'the answer is that it has one'
    }

    It 'reports <Name>' -ForEach @(
        @{ Name = 'a tag that is not recorded'; Find = { 'none', 'ann' | Get-AcsIdentity }; Target = 'none'; Message = "'none': *The ledger has no such identity of http*in the state Active*" }
        @{ Name = 'an id that is not recorded'; Find = { Get-AcsIdentity -Id $unknown, $made.Id }; Target = { $unknown }; Message = "'8:acs:*" }
        @{ Name = 'a tag of another state'; Find = { Get-AcsIdentity gone, ann }; Target = 'gone'; Message = '*-State All*' }
        @{ Name = 'a tag of no state'; Find = { Get-AcsIdentity none, ann -State All }; Target = 'none'; Message = '*of http*/.' }
    ) {
        $made = New-AcsIdentity -Tag ann
        $unknown = "8:acs:$(New-Guid)_$(New-Guid)"
        Add-Record @{ Tag = 'gone'; State = 'Deleted' }
        $ErrorActionPreference = 'Continue'
        $output = & $Find 2>&1
        $failure, $found = $output.Where({ $_ -is [System.Management.Automation.ErrorRecord] }, 'Split')
        $found.Tag | Should -Be ann
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'AcsIdentityNotRecorded,*'
        $failure.CategoryInfo.Category | Should -Be ObjectNotFound
        $failure.TargetObject | Should -Be $(if ($Target -is [scriptblock]) { & $Target } else { $Target })
        "$failure" | Should -BeLike $Message
    }

    It 'finds nothing, and reports it, if <Name> is empty' -ForEach @(
        @{ Name = '-Tag'; Find = { Get-AcsIdentity -Tag $null } }
        @{ Name = '-Tag as text'; Find = { Get-AcsIdentity -Tag '' } }
        @{ Name = '-Id'; Find = { Get-AcsIdentity -Id $null } }
        @{ Name = 'a column Tag'; Find = { [pscustomobject]@{ Tag = '' } | Get-AcsIdentity } }
        @{ Name = 'the column Id'; Find = { [pscustomobject]@{ Id = '' } | Get-AcsIdentity } }
    ) {
        [void](New-AcsIdentity -Tag ann)
        $ErrorActionPreference = 'Continue'
        & $Find 2>&1 | ForEach-Object FullyQualifiedErrorId | Should -BeLike 'AcsInvalidIdentity,*'
    }

    It 'finds nothing for no tags' {
        [void](New-AcsIdentity -Tag ann)
        Get-AcsIdentity -Tag @() | Should -BeNullOrEmpty
        @() | Get-AcsIdentity | Should -BeNullOrEmpty
    }

    It 'refuses an object without tag and id, and a pattern or id that is not valid' {
        { [pscustomobject]@{ Upn = 'ann' } | Get-AcsIdentity -ErrorAction Stop } | Should -Throw -ErrorId 'InputObjectNotBound,*'
        { Get-AcsIdentity 'a[' -ErrorAction Stop } | Should -Throw -ExpectedMessage '*a`[*'
        { Get-AcsIdentity -Id ann -ErrorAction Stop } | Should -Throw -ErrorId 'AcsInvalidIdentity,*' -ExpectedMessage "'ann' is not the id*"
    }

    It 'ends the read when the next command has enough, or is stopped' {
        Add-Record (1..2000 | ForEach-Object { @{ Tag = "user$_" } })
        $read = 0
        Get-AcsIdentity | ForEach-Object { $read++; $_ } | Select-Object -First 3 | Should -HaveCount 3
        $read | Should -Be 3
        (Get-AcsIdentity -First 3) | Should -HaveCount 3

        $shell = [powershell]::Create()
        [void]$shell.AddScript('param($connection, $seen) Import-Module $env:ACSIDENTITY_MODULE_PATH; Get-AcsIdentity -Connection $connection | ForEach-Object { $seen.Add($_.Id); Start-Sleep -Milliseconds 20 }')
        $seen = [System.Collections.Concurrent.ConcurrentBag[string]]::new()
        $running = $shell.AddArgument($connection).AddArgument($seen).BeginInvoke()
        while ($seen.Count -lt 3) { Start-Sleep -Milliseconds 5 }
        $shell.Stop()
        try { [void]$shell.EndInvoke($running) } catch { Write-Verbose "$_" }
        $shell.InvocationStateInfo.State | Should -Be Stopped
        $seen.Count | Should -BeLessThan 2000
        $shell.Dispose()
        # A file is closed.
        if ($Store -eq 'a file') { Remove-Item $place.Ledger }
    }

    It 'pipes into Get-AcsToken, with the scopes of the last token if -Scope is omitted' {
        [void](New-AcsIdentity -Tag ann -Scope chat, voip)
        [void](New-AcsIdentity -Tag bob)
        (Get-AcsIdentity ann | Get-AcsToken).Scope | Should -Be chat, voip
        (Get-AcsIdentity ann | Get-AcsToken -Scope chat).Scope | Should -Be chat
        (Get-AcsIdentity bob | Get-AcsToken -Scope chat).Tag | Should -Be bob
        $bare = New-AcsIdentity -Tag eve
        { Get-AcsIdentity eve | Get-AcsToken -ErrorAction Stop } | Should -Throw -ExpectedMessage '*use -Scope*'
        $bare | Remove-AcsIdentity -Force
    }

    It 'pipes into Revoke-AcsToken and Remove-AcsIdentity' {
        [void]('ann', 'bob' | New-AcsIdentity -Scope chat)
        Get-AcsIdentity ann | Revoke-AcsToken
        (Get-AcsIdentity ann).TokensRevokedOn | Should -Not -BeNullOrEmpty
        (Get-AcsIdentity ann).Scope | Should -BeNullOrEmpty
        Get-AcsIdentity | Remove-AcsIdentity -Force
        $emulator.IdentityCount | Should -Be 0
        Get-AcsIdentity | Should -BeNullOrEmpty
        # Records are cleaned up as the issue asks for.
        [void](New-AcsIdentity -Tag eve)
        Get-AcsIdentity -CreatedBefore (Get-Date).AddDays(30) -WithoutLiveToken | Remove-AcsIdentity -Force
        $emulator.IdentityCount | Should -Be 0
    }

    It 'gives one without an id, which no other cmdlet takes' {
        Add-Fault @{ operation = 'create'; every = 1; kind = 'drop' }
        New-AcsIdentity -Tag lost -ErrorAction Ignore
        $lost = Get-AcsIdentity -State Unknown
        $lost.Tag | Should -Be lost
        $lost.Id | Should -BeExactly ''
        $lost -eq (Get-AcsIdentity -State Unknown) | Should -BeFalse
        $lost -eq $lost | Should -BeTrue
        $ErrorActionPreference = 'Continue'
        foreach ($use in { $lost | Get-AcsToken -Scope chat }, { $lost | Revoke-AcsToken }, { $lost | Remove-AcsIdentity -Force }) {
            $failure = & $use 2>&1
            $failure.FullyQualifiedErrorId | Should -BeLike 'AcsInvalidIdentity,*'
            "$failure" | Should -BeLike "'lost': *no id*Unknown*"
        }
    }

    It 'survives a file and a job, as <Name>' -ForEach @(
        @{ Name = 'CSV'; Copy = { $_ | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Name = 'CLIXML'; Copy = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) } }
    ) {
        [void](New-AcsIdentity -Tag ann -Scope chat, voip)
        $copy = Get-AcsIdentity | ForEach-Object $Copy
        $token = $copy | Get-AcsToken
        $token.Tag | Should -Be ann
        $token.Scope | Should -Be chat, voip
        ($copy | Get-AcsIdentity).Tag | Should -Be ann
        $copy | Format-List | Out-String | Should -BeLike ('*ann*{0}*' -f (Get-AcsIdentity).CreatedOn)
    }

    It 'has a table whose id comes last' {
        [void](New-AcsIdentity -Tag ann -Scope chat)
        $found = Get-AcsIdentity
        $found | Format-Table | Out-String -Width 200 | Should -BeLike ('*Tag*State*CreatedOn*TokenExpiresOn*Id*ann*Active*{0}*{1}*{2}*' -f $found.CreatedOn, $found.TokenExpiresOn, $found.Id)
    }

    It 'keeps -LastRun, which is about this process' {
        [void]('ann', 'bob' | New-AcsIdentity)
        $found = Get-AcsIdentity -LastRun
        $found.Tag | Should -Be ann, bob
        $found[0] | Should -BeOfType AcsIdentity.Models.CommunicationIdentity
        $found[0] | Should -Not -BeOfType AcsIdentity.Models.RecordedCommunicationIdentity
    }
}

Describe 'Get-AcsIdentity with a damaged ledger' {
    It 'ends with an error' {
        Use-NewLedger 'a file'
        $file = $place.Ledger
        Add-Record (1..2000 | ForEach-Object { @{ Tag = "user$_" } })
        $bytes = [IO.File]::ReadAllBytes($file)
        for ($i = 16384; $i -lt $bytes.Length; $i++) { $bytes[$i] = 0x55 }
        [IO.File]::WriteAllBytes($file, $bytes)
        Remove-Item "$file-*"
        $failure = { Get-AcsIdentity } | Should -Throw -ErrorId 'AcsLedgerFailed,*' -PassThru
        "$failure" | Should -BeLike "${file}: *"
    }
}

Describe 'Get-AcsIdentity without a ledger' {
    AfterEach { $env:ACS_IDENTITY_LEDGER = $null }

    It 'refuses a search: <_>' -ForEach @(
        { Get-AcsIdentity -Tag ann }, { Get-AcsIdentity -Id 8:acs:x }, { Get-AcsIdentity -State All }, { Get-AcsIdentity -CreatedBefore 2026-01-01 },
        { Get-AcsIdentity -CreatedAfter 2026-01-01 }, { Get-AcsIdentity -WithoutLiveToken }, { Get-AcsIdentity -First 1 }, { 'ann' | Get-AcsIdentity }
    ) {
        Use-NewEmulator
        $failure = $_ | Should -Throw -ErrorId 'AcsNoLedger,*' -PassThru
        $failure.CategoryInfo.Category | Should -Be InvalidOperation
        "$failure" | Should -BeLike '*Connect-AcsIdentity*-Ledger*ACS_IDENTITY_LEDGER*'
    }

    It 'needs a connection to search, or if the environment names a ledger' {
        Disconnect-AcsIdentity
        { Get-AcsIdentity } | Should -Not -Throw
        { Get-AcsIdentity -Tag ann } | Should -Throw -ErrorId 'AcsNotConnected,*'
        $env:ACS_IDENTITY_LEDGER = Join-Path $TestDrive none.db
        { Get-AcsIdentity } | Should -Throw -ErrorId 'AcsNotConnected,*'
        { Get-AcsIdentity -LastRun } | Should -Not -Throw
    }
}

Describe 'Completion from the ledger in <Store>' -ForEach $stores {
    BeforeAll {
        function Get-Completion([string] $Line) {
            [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches | Where-Object ResultType -EQ ParameterValue
        }
    }

    BeforeEach { Use-NewLedger $Store }

    It 'offers tags, quoted and escaped if they need it' {
        $made = 'ann', 'anna', 'bob', "an o'x", 'an[1]' | New-AcsIdentity
        (Get-Completion 'Get-AcsIdentity -Tag an').CompletionText | Should -Be "'an o''x'", 'ann', 'anna', "'an``[1``]'"
        (Get-Completion 'Get-AcsIdentity ann').CompletionText | Should -Be 'ann', 'anna'
        (Get-Completion 'Get-AcsIdentity ann').ToolTip | Should -Be $made[0].Id, $made[1].Id
        foreach ($offered in Get-Completion "Get-AcsIdentity 'an") {
            (& ([scriptblock]::Create("Get-AcsIdentity $($offered.CompletionText)"))).Tag | Should -Be $offered.ListItemText
        }
    }

    It 'offers ids, with their tags' {
        $made = New-AcsIdentity -Tag ann
        $offered = Get-Completion "Get-AcsIdentity -Id $($made.Id.Substring(0, 20))"
        $offered.CompletionText | Should -Be $made.Id
        $offered.ToolTip | Should -Be ann
    }

    It 'offers at most 50, each tag once' {
        [void](1..60 | ForEach-Object { "user$_" } | New-AcsIdentity -ThrottleLimit 16)
        [void](New-AcsIdentity -Tag twin -Count 2)
        Get-Completion 'Get-AcsIdentity -Tag u' | Should -HaveCount 50
        Get-Completion 'Get-AcsIdentity -Tag t' | Should -HaveCount 1
    }

    It 'offers those of -Connection' {
        [void](New-AcsIdentity -Tag ann)
        Connect-AcsIdentity -Emulator -Name named @place | Set-Variable connection -Scope Global
        Disconnect-AcsIdentity
        Get-Completion 'Get-AcsIdentity -Tag a' | Should -BeNullOrEmpty
        (Get-Completion 'Get-AcsIdentity -Connection named -Tag a').CompletionText | Should -Be ann
        (Get-Completion 'Get-AcsIdentity -Connection $connection -Tag a').CompletionText | Should -Be ann
        Disconnect-AcsIdentity named
        Remove-Variable connection -Scope Global
    }

    It 'offers nothing, and no file names, if <Name>' -ForEach @(
        @{ Name = 'there is no ledger'; Do = { [void](Connect-AcsIdentity -Emulator) } }
        @{ Name = 'there is no connection'; Do = { Disconnect-AcsIdentity } }
        @{ Name = 'the ledger cannot be read'; Do = { $env:ACS_IDENTITY_LEDGER = '/none/acs.db'; [void](Connect-AcsIdentity -Emulator); $env:ACS_IDENTITY_LEDGER = $null } }
    ) {
        . $Do
        Get-Completion 'Get-AcsIdentity -Tag ' | Should -BeNullOrEmpty
        Get-Completion 'Get-AcsIdentity -Id ' | Should -BeNullOrEmpty
    }
}
