# Runs samples/runbooks as a scheduler does: unattended, each in a new process. The service is the emulator program.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/Support/EmulatorProgram.ps1
    . $PSScriptRoot/Support/EmulatorControl.ps1
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
    $runbooks = Join-Path $PSScriptRoot '../../samples/runbooks'
    $certificate = Join-Path $TestDrive 'emulator.pem'

    function Open-Runbook([string] $Name, [string[]] $Arguments, [hashtable] $Environment) {
        $modules = @($extraModules; $env:PSModulePath) -join [IO.Path]::PathSeparator
        $start = Get-PowerShellStartInfo (Join-Path $runbooks "$Name.ps1") $Arguments
        $start.WorkingDirectory = $PWD
        $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        ($Environment + @{ PSModulePath = $modules }).GetEnumerator() | ForEach-Object { $start.Environment[$_.Key] = $_.Value }
        [Diagnostics.Process]::Start($start)
    }

    function Invoke-Runbook([string] $Name, [string[]] $Arguments, [hashtable] $Environment = $byKey) {
        $process = Open-Runbook $Name $Arguments $Environment
        $errors = $process.StandardError.ReadToEndAsync()
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        # Removes colours, and the margin and the line breaks of error messages.
        $text = "$output$($errors.Result)" -replace '\e\[[\d;]*m' -replace '\r?\n\s+\|\s', ' ' -replace '\s+', ' '
        # No runbook may show a token or the key. All tokens begin with eyJ.
        $text | Should -Not -Match 'eyJ[\w-]{8}'
        $text.Contains($accessKey) | Should -BeFalse
        [pscustomobject]@{ ExitCode = $process.ExitCode; Text = $text }
    }

    function Get-TokenCount([string] $Id) {
        $identity = (Invoke-Emulator identities).newest | Where-Object id -EQ $Id
        $identity.tokensIssued - $identity.tokensRevoked
    }

    # Reads the ledger acs.db of the current folder.
    function Get-Record {
        Get-AcsIdentity @args -Connection (Connect-AcsIdentity $connectionString -Name ledger -Ledger acs.db)
    }

    $emulator = Open-EmulatorProgram '--https-port', '0', '--certificate-path', $certificate
    $ready = $emulator.Facts
    $connectionString = $emulator.ConnectionString
    $accessKey = $connectionString -replace '^.*accesskey='
    $httpsEndpoint = $ready['Connection string (https)'] -replace '^endpoint=(.*?);.*$', '$1'
    $byKey = @{ COMMUNICATION_SERVICES_CONNECTION_STRING = $connectionString }
    [void](Connect-AcsIdentity $connectionString)
}

AfterAll {
    Disconnect-AcsIdentity
    Close-EmulatorProgram $emulator
}

Describe 'With a managed identity' {
    BeforeDiscovery {
        $calls = @(
            @{ Name = 'New-UserToken'; Arguments = '-Path', 'list.csv', '-MapPath', 'map.csv', '-Scope', 'chat' }
            @{ Name = 'Revoke-LeaverToken'; Arguments = '-Upn', 'ann', '-MapPath', 'map.csv' }
            @{ Name = 'Remove-ListedIdentity'; Arguments = '-Path', 'list.csv', '-DonePath', 'done.csv' }
            @{ Name = 'Sync-TeamsPhoneAccess'; Arguments = '-Path', 'accounts.csv', '-RecordPath', 'access.csv' }
        )
    }
    BeforeAll {
        function Invoke-WithManagedIdentity([string] $Name, [string[]] $Arguments) {
            Invoke-Runbook $Name ($Arguments + '-Endpoint', $httpsEndpoint) @{
                IDENTITY_ENDPOINT = $ready.IDENTITY_ENDPOINT
                IDENTITY_HEADER   = $ready.IDENTITY_HEADER
                SSL_CERT_FILE     = $certificate
            }
        }

        Push-Location $TestDrive
        $identity = New-AcsIdentity -Tag ann
        $identity | Export-Csv map.csv
        $identity | Select-Object @{ Name = 'Upn'; Expression = { $_.Tag } }, Id | Export-Csv list.csv
        [pscustomobject]@{ ObjectId = New-Guid; TenantId = New-Guid } | Export-Csv accounts.csv
    }
    BeforeEach {
        if (-not $IsLinux) {
            Set-ItResult -Skipped -Because 'SSL_CERT_FILE makes a process trust a certificate on Linux only'
        }
    }
    AfterAll { Pop-Location }

    It '<Name> succeeds' -ForEach $calls {
        $before = (Invoke-Emulator requests).count
        $run = Invoke-WithManagedIdentity $Name $Arguments
        $run.ExitCode | Should -Be 0 -Because $run.Text
        (Invoke-Emulator requests).count - $before | Should -Be 2
    }

    It '<Name> fails if the host does not have the identity of -ClientId' -ForEach $calls {
        $run = Invoke-WithManagedIdentity $Name ($Arguments + '-ClientId', (New-Guid))
        $run.ExitCode | Should -Be 1
        $run.Text | Should -BeLike 'Connect-AcsIdentity: *'
    }
}

Describe 'New-UserToken' {
    BeforeAll {
        function Invoke-NewUserToken {
            Invoke-Runbook New-UserToken (@('-Path', 'users.csv', '-MapPath', 'map.csv', '-Scope', 'chat,voip') + $args)
        }

        # Starts a run for 40 users. The answers to the 20th and the 40th create do not come, so the run takes a minute. Kills it
        # when it has got far enough.
        function Close-LongRun([string[]] $Record, [scriptblock] $IsFarEnough) {
            'Upn', (1..40 | ForEach-Object { "user$_" }) | Set-Content users.csv
            Add-Fault @{ kind = 'late'; operation = 'create'; every = 20; delay = 600000 }
            $run = Open-Runbook New-UserToken (@('-Path', 'users.csv', '-Scope', 'chat') + $Record) $byKey
            $waiting = [Diagnostics.Stopwatch]::StartNew()
            while (-not (& $IsFarEnough) -and $waiting.Elapsed.TotalSeconds -lt 60) {
                Start-Sleep -Milliseconds 100
            }

            $run.Kill()
            $run.WaitForExit()
            Clear-Fault
        }
    }
    BeforeEach {
        Invoke-Emulator reset Post
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))).FullName
        'Upn', 'ann', ' bob ', 'eve' | Set-Content users.csv
    }
    AfterEach {
        Clear-Fault
        Pop-Location
    }

    It 'issues a token for each user, creates missing identities and adds them to the map' {
        $bob = New-AcsIdentity -Tag bob
        Set-Content map.csv 'Tag,Remark,Id', "`" Bob `",x,$($bob.Id)"
        (Invoke-NewUserToken).ExitCode | Should -Be 0
        $map = Import-Csv map.csv
        $map.Tag | Should -Be ' Bob ', 'ann', 'eve'
        (Invoke-Emulator identities).newest.id | Sort-Object | Should -Be ($map.Id | Sort-Object)

        (Invoke-NewUserToken).ExitCode | Should -Be 0
        $identities = Invoke-Emulator identities
        $identities.count | Should -Be 3
        $identities.newest.tokensIssued | Should -Be 2, 2, 2
        $identities.newest[0].newestTokens[0].scopes | Should -Be 'chat', 'voip'
    }

    It 'issues tokens for the other users if some fail, names the failed users and fails' {
        $gone = New-AcsIdentity -Tag bob
        $gone | Export-Csv map.csv
        $gone | Remove-AcsIdentity -Force
        $run = Invoke-NewUserToken
        $run.ExitCode | Should -Be 1
        $run.Text | Should -BeLike "*1 of 3 users are without a token.*AcsIdentityNotFound: 'bob ($($gone.Id))': *"
        (Invoke-Emulator identities).newest.tokensIssued | Should -Be 1, 1
    }

    It 'reads and extends a map whose last line has no line break' {
        $ann = New-AcsIdentity -Tag ann
        Set-Content map.csv "Id,Tag`n$($ann.Id), ann " -NoNewline
        (Invoke-NewUserToken).ExitCode | Should -Be 0
        $map = Import-Csv map.csv
        $map.Tag.Trim() | Should -Be 'ann', 'bob', 'eve'
        $map[0].Id | Should -Be $ann.Id
        (Invoke-Emulator identities).newest.tokensIssued | Should -Be 1, 1, 1
    }

    It 'sends nothing if <Name>' -ForEach @(
        @{ Name = 'the list has no header'; Users = "ann`nbob`n"; Problem = '*users.csv, row 1: there is no column Upn.*' }
        @{ Name = 'the list is empty'; Users = ''; Problem = '*users.csv, row 1: there is no column Upn.*' }
        @{ Name = 'the list is a workbook'; Users = "PK$([char]3)$([char]4)`0`0,,`n`0,"; Problem = '*users.csv, row 1: there is no column Upn.*' }
        @{ Name = 'the list has two columns of the same name'; Users = "Upn,Upn`nann,bob`n"; Problem = '*users.csv, row 1: *not the first row of a CSV file*' }
        @{ Name = 'a row of the list is blank'; Users = "Upn,Name`nann,Ann`n ,`n"; Problem = '*users.csv, row 3: the Upn is empty*' }
        @{ Name = 'a quotation mark is missing'; Users = "Upn`nann`n`"bob`neve`n"; Problem = '*users.csv, row 3: the Upn has a line break*' }
        @{ Name = 'the list has a user twice'; Users = "Upn`nann`nbob`nAnn `n"; Problem = "*users.csv has more than one row with the same Upn: 'ann' (rows 2, 4)*" }
        @{ Name = 'the map is blank'; Map = " `n"; Problem = '*map.csv, row 1: there is no column Id, Tag*' }
        @{ Name = 'the map has no ids'; Map = "Tag`nann`n"; Problem = '*map.csv, row 1: there is no column Id.*' }
        @{ Name = 'the map has semicolons'; Map = "Id;Tag`n"; Problem = '*map.csv, row 1: there is no column Id, Tag*' }
        @{ Name = 'the map gives a user two identities'; Map = "Id,Tag`n8:acs:1,ann`n8:acs:2,Ann `n"; Problem = "*map.csv has more than one row with the same Tag: 'ann' (rows 2, 3)*" }
        @{ Name = 'the map gives two users the same identity'; Map = "Id,Tag`n8:acs:1,ann`n8:acs:1,bob`n"; Problem = "*map.csv has more than one row with the same Id: '8:acs:1' (rows 2, 3)*" }
        @{ Name = 'the folder of the map does not exist'; Arguments = @('-MapPath', 'nowhere/map.csv'); Problem = '*The folder of the map does not exist*' }
        @{ Name = 'the scope does not exist'; Arguments = @('-Scope', 'video'); Problem = "*'video' is not a scope*" }
        @{ Name = 'the lifetime has no unit'; Arguments = @('-ExpiresIn', '2'); Problem = '*2 has no unit*' }
        @{ Name = 'the lifetime is too long'; Arguments = @('-ExpiresIn', '25h'); Problem = '*not between 1 hour*' }
    ) {
        if ($null -ne $Users) { Set-Content users.csv $Users -NoNewline }
        if ($Map) { Set-Content map.csv $Map -NoNewline }
        $parameters = @{ '-Path' = 'users.csv'; '-MapPath' = 'map.csv'; '-Scope' = 'chat' }
        if ($Arguments) { $parameters[$Arguments[0]] = $Arguments[1] }
        $before = (Invoke-Emulator requests).count
        $run = Invoke-Runbook New-UserToken ($parameters.GetEnumerator() | ForEach-Object { $_.Key, $_.Value })
        $run.ExitCode | Should -Be 1
        $run.Text | Should -BeLike $Problem
        (Invoke-Emulator requests).count | Should -Be $before
        if ($Map) { Get-Content map.csv -Raw | Should -Be $Map }
    }

    It 'issues tokens with the lifetime of -ExpiresIn' {
        (Invoke-NewUserToken -ExpiresIn 90m).ExitCode | Should -Be 0
        Invoke-Emulator identities | ForEach-Object newest | ForEach-Object newestTokens |
            ForEach-Object { ([datetime]$_.expiresOn - [datetime]$_.issuedAt).TotalMinutes } | Should -Be 90, 90, 90
    }

    It 'changes nothing and writes no file with -WhatIf' {
        $run = Invoke-NewUserToken -WhatIf
        $run.ExitCode | Should -Be 0 -Because $run.Text
        'ann', 'bob', 'eve' | ForEach-Object { $run.Text | Should -BeLike "*Create identity*`"$_ *Issue access token*`"$_`"*" }
        Test-Path map.csv | Should -BeFalse

        $bob = New-AcsIdentity -Tag bob
        Set-Content map.csv "Id,Tag`n$($bob.Id),bob" -NoNewline
        $run = Invoke-NewUserToken -WhatIf
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $run.Text | Should -BeLike "*Issue access token*`"bob ($($bob.Id)) *"
        $run.Text | Should -Not -BeLike '*Create identity" on target "bob*'
        Get-Content map.csv -Raw | Should -Be "Id,Tag`n$($bob.Id),bob"
        $identities = Invoke-Emulator identities
        $identities.count | Should -Be 1
        $identities.newest.tokensIssued | Should -Be 0
    }

    It 'sends nothing while another run has the map' {
        $before = (Invoke-Emulator requests).count
        $otherRun = [IO.File]::Open((Join-Path $PWD 'map.csv'), 'OpenOrCreate', 'ReadWrite', 'None')
        try {
            $run = Invoke-NewUserToken
        }
        finally {
            $otherRun.Dispose()
        }

        $run.ExitCode | Should -Be 1
        $run.Text | Should -BeLike '*Another run has the map*map.csv*'
        (Invoke-Emulator requests).count | Should -Be $before
    }

    It 'creates an identity in the next run if the outcome of its create is unknown' {
        Add-Fault @{ kind = 'loseAnswer'; operation = 'create'; next = 1 }
        $run = Invoke-NewUserToken
        $run.ExitCode | Should -Be 1
        # Several creates are in flight, so any user may be the first.
        $run.Text | Should -Match "AcsCreateOutcomeUnknown: '(ann|bob|eve)': "
        $lost = [regex]::Match($run.Text, "AcsCreateOutcomeUnknown: '(\w+)'").Groups[1].Value
        $others = 'ann', 'bob', 'eve' | Where-Object { $_ -ne $lost }
        (Import-Csv map.csv).Tag | Should -Be $others

        (Invoke-NewUserToken).ExitCode | Should -Be 0
        (Import-Csv map.csv).Tag | Should -Be ($others + $lost)
    }

    It 'adds each identity to the map at once, and a killed run does not keep the map' {
        # The run does not share the map, so this looks at its length: ten rows are longer.
        Close-LongRun '-MapPath', 'map.csv' { (Test-Path map.csv) -and (Get-Item map.csv).Length -ge 950 }
        (Import-Csv map.csv).Count | Should -BeIn (10..39)

        (Invoke-NewUserToken).ExitCode | Should -Be 0
        (Import-Csv map.csv).Tag | Sort-Object -Unique | Should -HaveCount 40
    }

    Context 'with a ledger' {
        BeforeAll {
            function Invoke-WithLedger {
                Invoke-Runbook New-UserToken (@('-Ledger', 'acs.db', '-Scope', 'chat') + $args)
            }
        }

        It 'creates missing identities, and uses the recorded ones in the next run' {
            $run = Invoke-WithLedger -Path users.csv
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $records = Get-Record
            $records.Tag | Sort-Object | Should -Be 'ann', 'bob', 'eve'
            (Invoke-Emulator identities).newest.id | Sort-Object | Should -Be ($records.Id | Sort-Object)

            $run = Invoke-WithLedger -Upn 'Ann, bob,EVE,joe'
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $identities = Invoke-Emulator identities
            $identities.count | Should -Be 4
            $identities.newest.tokensIssued | Sort-Object | Should -Be 1, 2, 2, 2
            (Get-Record).Tag | Sort-Object | Should -Be 'ann', 'bob', 'eve', 'joe'
        }

        It 'uses the ledger that the environment names, and records a run with a map too' {
            $environment = $byKey + @{ ACS_IDENTITY_LEDGER = Join-Path $PWD acs.db }
            (Invoke-Runbook New-UserToken @('-Path', 'users.csv', '-Scope', 'chat', '-MapPath', 'map.csv') $environment).ExitCode | Should -Be 0
            (Get-Record).Id | Sort-Object | Should -Be ((Import-Csv map.csv).Id | Sort-Object)

            (Invoke-Runbook New-UserToken @('-Path', 'users.csv', '-Scope', 'chat') $environment).ExitCode | Should -Be 0
            (Invoke-Emulator identities).newest.tokensIssued | Should -Be 2, 2, 2
        }

        It 'completes what a killed run began, with one identity for each user' {
            Close-LongRun '-Ledger', 'acs.db' { (Invoke-Emulator identities).count -ge 19 }
            $run = Invoke-WithLedger -Path users.csv
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $run.Text | Should -Match 'Earlier runs died while \d creates? (was|were) in flight'
            (Get-Record).Tag | Sort-Object | Should -Be (1..40 | ForEach-Object { "user$_" } | Sort-Object)

            # The 5 creates in flight at most.
            $lost = @(Get-Record -State Unknown)
            $lost.Count | Should -BeIn (1..5)
            $recorded = (Get-Record).Id
            @((Invoke-Emulator identities).newest.id | Where-Object { $_ -notin $recorded }).Count | Should -BeLessOrEqual $lost.Count
        }

        It 'creates nothing and records nothing with -WhatIf' {
            $run = Invoke-WithLedger -Path users.csv -WhatIf
            $run.ExitCode | Should -Be 0 -Because $run.Text
            'ann', 'bob', 'eve' | ForEach-Object { $run.Text | Should -BeLike "*Create identity*`"$_ *Issue access token*`"$_`"*" }
            (Invoke-Emulator identities).count | Should -Be 0
            Get-Record -State All | Should -BeNullOrEmpty
        }

        It 'sends nothing if <Name>' -ForEach @(
            @{ Name = 'there is neither a ledger nor a map'; Arguments = '-Path', 'users.csv'; Problem = '*The connection has no ledger*' }
            @{ Name = 'the ledger is a folder'; Arguments = '-Path', 'users.csv', '-Ledger', '.'; Problem = '*This is a folder*' }
            @{ Name = 'a user is blank'; Arguments = '-Upn', 'ann,,bob', '-Ledger', 'acs.db'; Problem = '*-Upn, row 2: the Upn is empty*' }
            @{ Name = 'a user is there twice'; Arguments = '-Upn', 'ann,bob,Ann', '-Ledger', 'acs.db'; Problem = "*-Upn has more than one row with the same Upn: 'ann' (rows 1, 3)*" }
        ) {
            $before = (Invoke-Emulator requests).count
            $run = Invoke-Runbook New-UserToken ($Arguments + '-Scope', 'chat')
            $run.ExitCode | Should -Be 1
            $run.Text | Should -BeLike $Problem
            (Invoke-Emulator requests).count | Should -Be $before
        }
    }

    Context 'with a vault' {
        BeforeAll {
            # Replaces SecretManagement, which need not be installed: the vault is a folder with one text file for each secret.
            $extraModules = Join-Path $TestDrive 'modules'
            $vaultModule = (New-Item -ItemType Directory (Join-Path $extraModules 'Microsoft.PowerShell.SecretManagement')).FullName
            Set-Content (Join-Path $vaultModule 'Microsoft.PowerShell.SecretManagement.psm1') @'
function Set-Secret([string] $Vault, [string] $Name, [securestring] $SecureStringSecret) {
    [Net.NetworkCredential]::new('', $SecureStringSecret).Password | Set-Content (Join-Path $Vault $Name) -ErrorAction Stop
}
'@
        }

        It 'stores each token' {
            [void](New-Item -ItemType Directory vault)
            (Invoke-NewUserToken -VaultName vault).ExitCode | Should -Be 0
            foreach ($id in (Import-Csv map.csv).Id) {
                $token = Get-Content (Join-Path vault ($id -replace '[:_]', '-'))
                (ConvertFrom-AcsToken $token).Id | Should -Be $id
                (Invoke-Emulator introspect Post @{ token = $token }).active | Should -BeTrue
            }
        }

        It 'fails if the vault cannot store a token' {
            (Invoke-NewUserToken -VaultName nowhere).ExitCode | Should -Be 1
        }
    }

    It 'creates nothing if SecretManagement is missing' {
        if (Get-Module -ListAvailable Microsoft.PowerShell.SecretManagement) {
            Set-ItResult -Skipped -Because 'SecretManagement is installed'
        }

        $run = Invoke-NewUserToken -VaultName vault
        $run.ExitCode | Should -Be 1
        $run.Text | Should -BeLike '*SecretManagement*'
        (Invoke-Emulator identities).count | Should -Be 0
    }
}

Describe 'Revoke-LeaverToken' {
    BeforeAll {
        $map = Join-Path $TestDrive 'leavers.csv'
        $first, $second, $other = 'ann', 'ann', 'bob' | New-AcsIdentity -Scope chat
        $gone = New-AcsIdentity -Tag eve
        $gone | Remove-AcsIdentity -Force
        $first, $second, $other, $gone | Export-Csv $map
        # A spreadsheet may change a tag like this.
        (Get-Content $map -Raw).Replace('"ann"', '" Ann "') | Set-Content $map -NoNewline
    }

    It 'sends nothing with -WhatIf' {
        $run = Invoke-Runbook Revoke-LeaverToken '-Upn', 'ann', '-MapPath', $map, '-WhatIf'
        $run.ExitCode | Should -Be 0
        $run.Text | Should -BeLike "*What if: *$($second.Id)*"
        Get-TokenCount $first.Id | Should -Be 1
    }

    It 'revokes the tokens of every identity of the user, and of no other user' {
        $run = Invoke-Runbook Revoke-LeaverToken '-Upn', 'ann', '-MapPath', $map
        $run.ExitCode | Should -Be 0
        $run.Text | Should -BeLike '*2 identities*15 minutes*'
        $first, $second, $other | ForEach-Object { Get-TokenCount $_.Id } | Should -Be 0, 0, 1
    }

    It 'fails if <Name>' -ForEach @(
        @{ Name = 'the user is not in the map'; Upn = 'nobody'; Problem = "*no identity of 'nobody'*" }
        @{ Name = 'an identity does not exist'; Upn = 'eve'; Problem = "*AcsIdentityNotFound: '8:acs:*1 of 1 identities*NOT revoked*" }
    ) {
        $run = Invoke-Runbook Revoke-LeaverToken '-Upn', $Upn, '-MapPath', $map
        $run.ExitCode | Should -Be 1
        $run.Text | Should -BeLike $Problem
        $run.Text | Should -Not -BeLike '*are revoked*'
    }

    Context 'with a ledger' {
        BeforeAll {
            Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive leavers)).FullName
            $connection = Connect-AcsIdentity $connectionString -Name ledger -Ledger acs.db
            $first, $second, $other, $gone = 'ann', 'ann', 'bob', 'eve' | New-AcsIdentity -Scope chat -Connection $connection
            $gone | Remove-AcsIdentity -Force -Connection $connection
        }
        AfterAll { Pop-Location }

        It 'sends nothing with -WhatIf' {
            $run = Invoke-Runbook Revoke-LeaverToken '-Upn', 'ann', '-Ledger', 'acs.db', '-WhatIf'
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $run.Text | Should -BeLike "*What if: *$($second.Id)*"
            Get-TokenCount $first.Id | Should -Be 1
        }

        It 'fails if <Name>' -ForEach @(
            @{ Name = 'the user is not recorded'; Upn = 'nobody'; Problem = "*The ledger has no identity of 'nobody'*" }
            @{ Name = 'the identity was deleted'; Upn = 'eve'; Problem = "*The ledger has no identity of 'eve'*" }
            @{ Name = 'the user is a pattern'; Upn = '*'; Problem = "*The ledger has no identity of '`**" }
            @{ Name = 'the user is blank'; Upn = ' '; Problem = '*The Upn is empty*' }
        ) {
            $run = Invoke-Runbook Revoke-LeaverToken '-Upn', $Upn, '-Ledger', 'acs.db'
            $run.ExitCode | Should -Be 1
            $run.Text | Should -BeLike $Problem
            Get-TokenCount $other.Id | Should -Be 1
        }

        It 'revokes the tokens of every identity of the user, and of no other user' {
            $run = Invoke-Runbook Revoke-LeaverToken '-Upn', 'Ann', '-Ledger', 'acs.db'
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $run.Text | Should -BeLike '*2 identities*15 minutes*'
            $first, $second, $other | ForEach-Object { Get-TokenCount $_.Id } | Should -Be 0, 0, 1
            (Get-Record -WithoutLiveToken).Id | Sort-Object | Should -Be ($first.Id, $second.Id | Sort-Object)
        }
    }
}

Describe 'Remove-ListedIdentity' {
    BeforeAll {
        function Invoke-RemoveListedIdentity {
            Invoke-Runbook Remove-ListedIdentity (@('-Path', 'list.csv', '-DonePath', 'done.csv') + $args)
        }
    }
    BeforeEach {
        Invoke-Emulator reset Post
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))).FullName
        $identities = New-AcsIdentity -Count 7
        @($identities) + $identities[0] | Select-Object Id, Tag | Export-Csv list.csv
    }
    AfterEach {
        Clear-Fault
        Pop-Location
    }

    It 'continues after a run in which some deletes failed' {
        Add-Fault @{ kind = 'status'; status = 403; operation = 'delete'; every = 3 }
        $run = Invoke-RemoveListedIdentity
        $run.ExitCode | Should -Be 1
        $left = (Invoke-Emulator identities).newest.id
        $left | Should -HaveCount 2
        $left | ForEach-Object { $run.Text | Should -BeLike "*AcsPermissionDenied: '$_': *" }
        $run.Text | Should -BeLike '*5 of 7 identities are deleted*2 of 7 identities are NOT deleted*'
        (Import-Csv done.csv).Id | Should -HaveCount 5

        Clear-Fault
        $run = Invoke-RemoveListedIdentity
        $run.ExitCode | Should -Be 0
        $run.Text | Should -BeLike '*2 of 2 identities are deleted*'
        (Invoke-Emulator identities).count | Should -Be 0
        (Import-Csv done.csv).Id | Sort-Object | Should -Be ($identities.Id | Sort-Object)
    }

    It 'counts an identity that does not exist as deleted, and says so' {
        $identities[0, 4] | Remove-AcsIdentity -Force
        $run = Invoke-RemoveListedIdentity
        $run.ExitCode | Should -Be 0
        $run.Text | Should -BeLike '*2 identities were not there*'
        (Import-Csv done.csv).Id | Should -HaveCount 7
    }

    It 'deletes the other identities if a row is not an identity, and fails' {
        $misplaced = 'a key or token in the column of the ids'.PadRight(60, '.')
        'ann', $misplaced, '"",nobody' | Add-Content list.csv
        $run = Invoke-RemoveListedIdentity
        $run.ExitCode | Should -Be 1
        $run.Text | Should -BeLike "*AcsInvalidIdentity: 'ann' *3 of 10 identities are NOT deleted*"
        $run.Text | Should -Not -BeLike "*$misplaced*"
        (Invoke-Emulator identities).count | Should -Be 0
        (Import-Csv done.csv).Id | Should -HaveCount 7
    }

    It 'deletes nothing and writes no file with -WhatIf' {
        $run = Invoke-RemoveListedIdentity -WhatIf
        $run.ExitCode | Should -Be 0
        $run.Text | Should -BeLike "*What if: *$($identities[6].Id)*"
        $run.Text | Should -BeLike '*0 of 7 identities are deleted*'
        (Invoke-Emulator identities).count | Should -Be 7
        Test-Path done.csv | Should -BeFalse
    }

    Context 'with a ledger' {
        BeforeAll {
            function Invoke-WithLedger {
                Invoke-Runbook Remove-ListedIdentity (@('-Ledger', 'acs.db') + $args)
            }
        }
        BeforeEach {
            $connection = Connect-AcsIdentity $connectionString -Name ledger -Ledger acs.db
            $identities = 'ann', 'ann', 'bob', 'eve', 'joe', 'j*' | New-AcsIdentity -Connection $connection
            # The rows name the first, the second with the first, the third and the last identity.
            Set-Content list.csv 'Tag,Id', "other,$($identities[0].Id)", 'ann,', "x, $($identities[2].Id) ", 'j*,'
        }

        It 'deletes what the list names by id or tag, and nothing else' {
            $run = Invoke-WithLedger -Path list.csv
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $run.Text | Should -BeLike '*4 of 4 identities are deleted*'
            (Get-Record).Tag | Sort-Object | Should -Be 'eve', 'joe'
            (Get-Record -State Deleted).Tag | Sort-Object | Should -Be 'ann', 'ann', 'bob', 'j*'
        }

        It 'continues after a run in which some deletes failed' {
            Add-Fault @{ kind = 'status'; status = 403; operation = 'delete'; every = 3 }
            $run = Invoke-WithLedger -Path list.csv
            $run.ExitCode | Should -Be 1
            $run.Text | Should -BeLike '*3 of 4 identities are deleted*AcsPermissionDenied: *1 of 4 identities are NOT deleted*'

            Clear-Fault
            $run = Invoke-WithLedger -Path list.csv
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $run.Text | Should -BeLike '*1 of 1 identities are deleted*'
            (Invoke-WithLedger -Path list.csv).Text | Should -BeLike '*0 of 0 identities are deleted*'
        }

        It 'records an identity that does not exist as deleted, and says so' {
            $identities[0] | Remove-AcsIdentity -Force
            $run = Invoke-WithLedger -Path list.csv
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $run.Text | Should -BeLike '*3 of 4 identities are deleted*1 identities were not there*'
            (Get-Record -State Deleted).Id | Should -Contain $identities[0].Id
        }

        It 'fails for what is not recorded, and deletes the rest' {
            $stranger = New-AcsIdentity
            $run = Invoke-WithLedger -Tag eve
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $misplaced = 'a key or token in the column of the ids'.PadRight(60, '.')
            Add-Content list.csv ",$($stranger.Id)", 'Eve,', ",$misplaced"
            $run = Invoke-WithLedger -Path list.csv
            $run.ExitCode | Should -Be 1
            $run.Text | Should -BeLike "*4 of 7 identities are deleted*AcsIdentityNotRecorded: '$($stranger.Id)': *3 of 7 identities are NOT deleted*"
            $run.Text | Should -BeLike "*AcsIdentityNotRecorded: 'Eve': *"
            $run.Text | Should -Not -BeLike "*$misplaced*"
            (Get-Record).Tag | Should -Be 'joe'
        }

        It 'deletes nothing for a row with neither an id nor a tag, and fails' {
            Set-Content list.csv 'Tag,Id', "other,$($identities[0].Id)", ' , '
            $run = Invoke-WithLedger -Path list.csv
            $run.ExitCode | Should -Be 1
            $run.Text | Should -BeLike '*1 of 2 identities are deleted*AcsInvalidIdentity: *1 of 2 identities are NOT deleted*'
            (Get-Record).Count | Should -Be 5
        }

        It 'deletes nothing with -WhatIf' {
            $run = Invoke-WithLedger -Path list.csv -WhatIf
            $run.ExitCode | Should -Be 0 -Because $run.Text
            $run.Text | Should -BeLike "*What if: *$($identities[2].Id)*"
            (Get-Record).Count | Should -Be 6
        }
    }
}

Describe 'Sync-TeamsPhoneAccess' {
    BeforeAll {
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive 'phone'))
        $arguments = '-Path', 'accounts.csv', '-RecordPath', 'access.csv'

        # As Get-CsOnlineApplicationInstance | Export-Csv writes it.
        function Get-Account([string] $Name) {
            [pscustomobject]@{ RunspaceId = New-Guid; ObjectId = New-Guid; TenantId = $tenant; UserPrincipalName = "$Name@contoso.com"; ApplicationId = New-Guid; DisplayName = $Name; PhoneNumber = '' }
        }

        # The object ids that have access, in the order of $accounts.
        function Get-Access {
            $accounts | Get-AcsTeamsExtensionAssignment -ErrorAction SilentlyContinue | ForEach-Object { "$($_.ObjectId)" }
        }
    }

    BeforeEach {
        Remove-Item *
        $tenant = New-Guid
        $accounts = 'sales', 'support', 'desk' | ForEach-Object { Get-Account $_ }
        $ids = $accounts | ForEach-Object { "$($_.ObjectId)" }
    }

    AfterAll {
        Pop-Location
    }

    It 'gives access to all accounts of the list, and takes it from those that left' {
        $accounts | Export-Csv accounts.csv
        $first = Invoke-Runbook Sync-TeamsPhoneAccess $arguments
        $first.Text | Should -BeLike '*3 of 3 accounts have access. It was taken away from 0.*'
        $first.ExitCode | Should -Be 0
        Get-Access | Should -Be $ids
        ($accounts | Get-AcsTeamsExtensionAssignment).PrincipalType | Should -Be ResourceAccount, ResourceAccount, ResourceAccount
        $accounts | Select-Object -Skip 1 | Export-Csv accounts.csv
        $second = Invoke-Runbook Sync-TeamsPhoneAccess $arguments
        $second.Text | Should -BeLike '*2 of 2 accounts have access. It was taken away from 1.*'
        $second.ExitCode | Should -Be 0
        Get-Access | Should -Be $ids[1, 2]
        (Import-Csv access.csv).ObjectId | Should -Be $ids[1, 2]
    }

    It 'takes types and client ids from the list' {
        $client = "$(New-Guid)"
        $accounts[0] | Select-Object *, @{ Name = 'PrincipalType'; Expression = { 'User' } }, @{ Name = 'ClientId'; Expression = { "$client, $tenant" } } | Export-Csv accounts.csv
        (Invoke-Runbook Sync-TeamsPhoneAccess $arguments).ExitCode | Should -Be 0
        $given = $accounts[0] | Get-AcsTeamsExtensionAssignment
        "$($given.PrincipalType) $($given.ClientId)" | Should -Be "User $client $tenant"
    }

    It 'keeps in the record what an interrupted run may have given, and takes it away later' {
        # A run that was killed after it wrote the record, and one that was killed after it took access away.
        $accounts[0], $accounts[1] | Select-Object ObjectId, TenantId, PrincipalType, ClientId | Export-Csv access.csv
        [void]($accounts[0] | Set-AcsTeamsExtensionAssignment -PrincipalType ResourceAccount)
        $accounts[2] | Export-Csv accounts.csv
        $run = Invoke-Runbook Sync-TeamsPhoneAccess $arguments
        $run.Text | Should -BeLike '*1 of 1 accounts have access. It was taken away from 2.*'
        Get-Access | Should -Be $ids[2]
        (Import-Csv access.csv).ObjectId | Should -Be $ids[2]
    }

    It 'reports what fails, goes on, and completes it in the next run' {
        $accounts[0] | Export-Csv accounts.csv
        [void](Invoke-Runbook Sync-TeamsPhoneAccess $arguments)
        $accounts[1, 2] | Export-Csv accounts.csv
        # The answer to a wrong request is not repeated by the module: one give and one take fail.
        Add-Fault @{ kind = 'status'; status = 400; operation = 'assign'; every = 2 }
        $run = Invoke-Runbook Sync-TeamsPhoneAccess $arguments
        Clear-Fault
        $run.ExitCode | Should -Not -Be 0
        $run.Text | Should -BeLike '*AcsInvalidRequest:*changes of access have FAILED*'
        $next = Invoke-Runbook Sync-TeamsPhoneAccess $arguments
        $next.ExitCode | Should -Be 0
        Get-Access | Should -Be $ids[1, 2]
        (Import-Csv access.csv).ObjectId | Sort-Object | Should -Be ($ids[1, 2] | Sort-Object)
    }

    It 'sends nothing and records nothing if <Name>' -ForEach @(
        @{ Name = 'the list is empty'; Rows = { }; Like = '*accounts.csv has no accounts*' }
        @{ Name = 'a row has no object id'; Rows = { $accounts[0]; $accounts[1] | Select-Object TenantId, @{ Name = 'ObjectId'; Expression = { 'sales' } } }; Like = '*accounts.csv, row 3: ObjectId and TenantId must be GUIDs.*' }
        @{ Name = 'a column is missing'; Rows = { $accounts | Select-Object ObjectId }; Like = '*accounts.csv, row 2: ObjectId and TenantId must be GUIDs.*' }
        @{ Name = 'an account is there twice'; Rows = { $accounts[0, 1, 0] }; Like = '*accounts.csv, row 4: the account * is in the list twice.*' }
    ) {
        @(& $Rows | Select-Object ObjectId, TenantId) | Export-Csv accounts.csv
        $before = (Invoke-Emulator requests).count
        $run = Invoke-Runbook Sync-TeamsPhoneAccess $arguments
        $run.ExitCode | Should -Not -Be 0
        $run.Text | Should -BeLike $Like
        (Invoke-Emulator requests).count | Should -Be $before
        'access.csv' | Should -Not -Exist
    }

    It 'changes nothing and writes no file with -WhatIf' {
        $accounts[0] | Select-Object ObjectId, TenantId, PrincipalType, ClientId | Export-Csv access.csv
        [void]($accounts[0] | Set-AcsTeamsExtensionAssignment -PrincipalType ResourceAccount)
        $accounts[1] | Export-Csv accounts.csv
        $before = Get-Content access.csv
        $run = Invoke-Runbook Sync-TeamsPhoneAccess ($arguments + '-WhatIf')
        $run.ExitCode | Should -Be 0
        $run.Text | Should -BeLike "*Give Teams Phone access*$($ids[1])*Take away Teams Phone access*$($ids[0])*"
        Get-Access | Should -Be $ids[0]
        Get-Content access.csv | Should -Be $before
    }
}
