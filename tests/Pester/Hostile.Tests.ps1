# What a hostile service or file sends: nothing of it reaches the terminal as a command, and nothing that is no id becomes an identity.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/Support/HostileServer.ps1
    . (Join-Path $PSScriptRoot '../../build/PowerShellProcess.ps1')
    $esc, $bell, $override, $separator, $csi = [char]27, [char]7, [char]0x202E, [char]0x2028, [char]0x9B
    # Retitles and clears a terminal, forges a line of a log, and turns the text around.
    $hostile = "a${esc}]0;owned${bell}${esc}[2J`r`nforged$override$separator${csi}31m"
    $visible = 'a\u001b]0;owned\u0007\u001b[2J\u000d\u000aforged\u202e\u2028\u009b31m'
    $hostileJson = 'a\u001b]0;owned\u0007\u001b[2J\r\nforged\u202e\u2028\u009b31m'
    # Line breaks are those of the text around; -Line counts them too.
    $hidden = '[\x00-\x09\x0B\x0C\x0E-\x1F\x7F-\x9F\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069\u061C]'
    $hiddenInLine = $hidden.Insert(1, '\r\n')
    $id = "8:acs:$(New-Guid)_$(New-Guid)"

    # Lets a server give the answers while the script runs. The script gets its connection.
    function Invoke-Hostile([string[]] $Answer, [scriptblock] $Script) {
        $server = Open-HostileServer $Answer
        try {
            & $Script (Connect-AcsIdentity $server.ConnectionString -Name hostile)
        }
        finally {
            Close-HostileServer $server
        }
    }

    function Get-Created([string] $Id, [string] $Token = '') {
        Get-Answer 201 ('{"identity":{"id":"' + $Id + '"}' + $Token + '}')
    }
}

AfterAll {
    Disconnect-AcsIdentity
}

Describe 'Text from outside' {
    It 'is visible in the error of a refusal, and as it came in the objects' {
        Invoke-Hostile (Get-Answer 400 ('{"error":{"code":"Code' + $hostileJson + '","message":"Message ' + $hostileJson + '"}}')) {
            $null = New-AcsIdentity -Tag $hostile -Connection $args[0] -ErrorAction SilentlyContinue -ErrorVariable failed
            $failed | Should -HaveCount 1
            $failed[0].FullyQualifiedErrorId | Should -BeLike 'AcsInvalidRequest,*'
            $message = $failed[0].Exception.Message
            $message | Should -BeLike "'$($visible.Replace('[', '`[').Replace(']', '`]'))': http://*"
            $message.IndexOf("Message $visible") | Should -BeGreaterThan 0
            $message.IndexOf("Code$visible") | Should -BeGreaterThan 0
            $message | Should -Not -Match $hiddenInLine
            $failed[0].CategoryInfo.TargetName | Should -Not -Match $hiddenInLine
            "$($failed[0].CategoryInfo)" | Should -Not -Match $hiddenInLine

            $failed[0].TargetObject | Should -BeExactly $hostile
            $failed[0].Exception.Subject | Should -BeExactly $hostile
            $failed[0].Exception.ServiceCode | Should -BeExactly "Code$hostile"
            $failed[0].Exception.Reason | Should -BeExactly "Message $hostile"
        }
    }

    It 'is visible in the error about a wrong id' {
        $null = $hostile | Get-AcsToken -Scope chat -Connection (Connect-AcsIdentity -Emulator) -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'AcsInvalidIdentity,*'
        $failed[0].Exception.Message | Should -Not -Match $hiddenInLine
        $failed[0].Exception.Message.IndexOf('\u001b') | Should -BeGreaterThan 0
    }

    It 'is visible in <Name>' -ForEach @(
        @{ Name = 'the verbose stream'; Script = { New-AcsIdentity -Tag $hostile -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } } }
        @{ Name = 'the error that ends a command'; Script = { try { New-AcsIdentity -Scope "${esc}[2J" } catch { $_.Exception.Message } } }
        @{ Name = 'the error about a column'; Script = { [pscustomobject]@{ Upn = $hostile; Count = 2 } | New-AcsIdentity -Tag { $_.Upn } -ErrorAction SilentlyContinue -ErrorVariable failed; $failed | ForEach-Object { $_.Exception.Message; "$($_.CategoryInfo)" } } }
    ) {
        [void](Connect-AcsIdentity -Emulator)
        $text = @(& $Script)
        $text | Should -Not -BeNullOrEmpty
        "$text".IndexOf('\u001b') | Should -BeGreaterThan 0
        $text -match $hiddenInLine | Should -BeNullOrEmpty
    }

    It 'is visible in the views, and as it came in the object' {
        [void](Connect-AcsIdentity -Emulator)
        $rendering = $PSStyle.OutputRendering
        try {
            # Otherwise PowerShell itself removes escape sequences.
            if ($PSStyle) { $PSStyle.OutputRendering = 'Ansi' }
            $identity = New-AcsIdentity -Tag $hostile -Scope chat -AsPlainText
            $identity.Tag | Should -BeExactly $hostile
            $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($identity))
            $claims = ConvertFrom-AcsToken $identity.AccessToken
            $status = Test-AcsToken $identity.AccessToken -Detailed
            foreach ($shown in $identity, $copy, $identity.AccessToken, $claims, $status) {
                $lines = $shown | Out-String -Width 300
                $lines.IndexOf($visible) | Should -BeGreaterThan -1 -Because $shown.psobject.TypeNames[0]
                # The colours of the view are the only sequences.
                $lines -replace "$esc\[[\d;]*m" | Should -Not -Match $hidden -Because $shown.psobject.TypeNames[0]
            }
        }
        finally {
            if ($PSStyle) { $PSStyle.OutputRendering = $rendering }
        }
    }

    It 'is not offered on tab' {
        [void](Connect-AcsIdentity -Emulator -Ledger (Join-Path $TestDrive 'completion.db'))
        $made = 'annual', "ann$hostile" | New-AcsIdentity
        $line = 'Get-AcsIdentity ann'
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText | Should -Be annual
        $line = "Get-AcsToken $($made[1].Id)"
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.ToolTip | Should -BeExactly "ann$visible"
    }

    It 'is visible in what a PowerShell process prints, asked with -WhatIf, with -Debug and by mistake' {
        $server = Open-HostileServer (Get-Answer 400 ('{"error":{"code":"Code","message":"' + $hostileJson + '"}}')).Replace('x', "x${esc}]0;owned$bell")
        try {
            $script = Join-Path $TestDrive hostile.ps1
            Set-Content $script @'
param($connectionString)
# Otherwise PowerShell itself removes escape sequences from what is not shown in a terminal.
if ($PSStyle) { $PSStyle.OutputRendering = 'Ansi' }
Import-Module $env:ACSIDENTITY_MODULE_PATH
[void](Connect-AcsIdentity $connectionString)
$tag = "a$([char]27)]0;owned$([char]7)$([char]27)[2J$([char]0x202E)"
New-AcsIdentity -Tag $tag -WhatIf
$DebugPreference = 'Continue'
New-AcsIdentity -Tag $tag -Verbose
'@
            $program, [string[]] $arguments = Get-PowerShellCommand
            $text = & $program @arguments -NoProfile -NonInteractive -File $script $server.ConnectionString 2>&1 | Out-String
            $text.IndexOf('What if: ') | Should -BeGreaterThan -1
            $text.IndexOf('DEBUG: Error response') | Should -BeGreaterThan -1
            $text | Should -Not -Match "$esc\]|$bell|$esc\[2J|$override"
        }
        finally {
            Close-HostileServer $server
        }
    }
}

Describe 'An id' {
    It 'that is none, <Name>, is an unknown outcome and no identity' -ForEach @(
        @{ Name = 'a formula'; Sent = "=cmd|'/C calc'!A0"; Shown = "'=cmd|'/C calc'!A0'" }
        @{ Name = 'two lines'; Sent = '8:acs:r_u\n8:acs:r_v'; Shown = "'8:acs:r_u\u000a8:acs:r_v'" }
        @{ Name = 'a megabyte'; Sent = '8:acs:' + 'x' * 1000000; Shown = 'xxx... (1,000,006 characters)' }
    ) {
        Invoke-Hostile (Get-Created $Sent) {
            $made = New-AcsIdentity -Tag ann -Connection $args[0] -ErrorAction SilentlyContinue -ErrorVariable failed
            $made | Should -BeNullOrEmpty
            $failed | Should -HaveCount 1
            $failed[0].FullyQualifiedErrorId | Should -BeLike 'AcsCreateOutcomeUnknown,*'
            $failed[0].Exception.Message.IndexOf($Shown) | Should -BeGreaterThan 0
            $failed[0].Exception.Message.Length | Should -BeLessThan 600
            $failed[0].Exception.Message | Should -Not -Match $hiddenInLine
        }
    }

    It 'of three parts is one for all commands' {
        $teamsExtension = "8:acs:$(New-Guid)_$(New-Guid)_$(New-Guid)"
        $token = '{"token":"t","expiresOn":"2099-10-10T21:39:39Z"}'
        $answers = (Get-Created $teamsExtension), (Get-Answer 200 $token), (Get-Answer 204 ''), (Get-Answer 204 '')
        Invoke-Hostile $answers {
            $with = @{ Connection = $args[0]; ErrorAction = 'Stop' }
            $identity = New-AcsIdentity @with
            $identity.Id | Should -BeExactly $teamsExtension
            (Get-AcsToken $identity.Id -Scope chat @with).Id | Should -BeExactly $teamsExtension
            (Revoke-AcsToken $identity.Id -PassThru -Confirm:$false @with).Id | Should -BeExactly $teamsExtension
            (Remove-AcsIdentity $identity.Id -PassThru -Force @with).Id | Should -BeExactly $teamsExtension
        }
        [AcsIdentity.Models.CommunicationIdentity]::new($teamsExtension).Id | Should -BeExactly $teamsExtension
    }

    It 'is written if its answer is broken elsewhere, with an error that names it' -ForEach @(
        @{ Name = 'an expiry out of range'; Token = ',"accessToken":{"token":"t","expiresOn":"99999-10-10T21:39:39Z"}' }
        @{ Name = 'an expiry that is no date'; Token = ',"accessToken":{"token":"t","expiresOn":true}' }
        @{ Name = 'no expiry'; Token = ',"accessToken":{"token":"t"}' }
        @{ Name = 'no token'; Token = ',"accessToken":{"expiresOn":"2099-10-10T21:39:39Z"}' }
        @{ Name = 'no end'; Token = ',"accessToken":{"token":"t"' }
    ) {
        Invoke-Hostile (Get-Created $id $Token) {
            $made = New-AcsIdentity -Tag ann -Scope chat -Connection $args[0] -ErrorAction SilentlyContinue -ErrorVariable failed
            $made.Id | Should -BeExactly $id
            $made.AccessToken | Should -BeNullOrEmpty
            $failed | Should -HaveCount 1
            $failed[0].FullyQualifiedErrorId | Should -BeLike 'AcsTokenMissing,*'
            $failed[0].TargetObject | Should -BeExactly $id
            $failed[0].Exception.Message | Should -BeLike "*The identity $id was created, but the service sent no valid token with it.*"
        }
    }

    It 'is recorded in the ledger if its answer is broken elsewhere' {
        $ledger = Join-Path $TestDrive 'hostile.db'
        $server = Open-HostileServer (Get-Created $id ',"accessToken":{"token":"t","expiresOn":5}'), (Get-Created "=cmd|'/C calc'!A0")
        try {
            $connection = Connect-AcsIdentity $server.ConnectionString -Name hostile -Ledger $ledger
            $null = 'ann', 'bob' | New-AcsIdentity -Scope chat -Connection $connection -ThrottleLimit 1 -ErrorAction SilentlyContinue
            $records = Get-AcsIdentity -State All -Connection $connection | Sort-Object Tag
            $records.Tag | Should -Be 'ann', 'bob'
            $records[0].Id | Should -BeExactly $id
            $records[0].State | Should -Be Active
            $records[0].TokenExpiresOn | Should -BeNullOrEmpty
            $records[1].State | Should -Be Unknown
        }
        finally {
            Close-HostileServer $server
        }
    }
}

Describe 'An answer' {
    It 'of more than 1 MiB is an error that names the sizes' -ForEach @(
        @{ Status = 201; ErrorId = 'AcsCreateOutcomeUnknown,*' }
        @{ Status = 400; ErrorId = 'AcsInvalidRequest,*' }
    ) {
        Invoke-Hostile ("HTTP/1.1 $Status x`r`nContent-Length: 3000000000`r`n`r`n{") {
            New-AcsIdentity -Connection $args[0] -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
            $failed | Should -HaveCount 1
            $failed[0].FullyQualifiedErrorId | Should -BeLike $ErrorId
            $failed[0].Exception.Message | Should -BeLike '*The answer is too large: it has 3,000,000,000 bytes, and at most 1 MiB is read.*'
        }
    }
}
