BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH
    . (Join-Path $PSScriptRoot '../../build/PowerShellProcess.ps1')
    $rendering = $PSStyle.OutputRendering
    $culture = [cultureinfo]::CurrentCulture
    $id = "8:acs:$(New-Guid)_$(New-Guid)"

    function Get-Token([string] $Tag, [double] $Minutes, [string] $Id = $id) {
        [AcsIdentity.Models.PlainTextCommunicationToken]::new($Id, ('chat', 'voip'), [datetimeoffset]::UtcNow.AddMinutes($Minutes), 'secret', $Tag)
    }

    function Get-Recorded([string] $Tag, [AcsIdentity.Ports.IdentityState] $State, $Minutes, [string] $Id = $id) {
        $record = [AcsIdentity.Ports.IdentityRecord]::new()
        $values = @{ Id = $Id; Tag = $Tag; State = $State; CreatedOn = [datetimeoffset]'2026-11-25T12:00:00Z' }
        if ($null -ne $Minutes) {
            $values.TokenExpiresOn = [datetimeoffset]::UtcNow.AddMinutes($Minutes)
        }
        foreach ($name in $values.Keys) {
            $record.GetType().GetProperty($name).SetValue($record, $values[$name])
        }
        [AcsIdentity.Models.RecordedCommunicationIdentity]::new($record)
    }

    function Copy-Serialized($Object) {
        [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($Object))
    }

    # The lines that are not empty, without spaces at their end.
    function Get-Line($Object, [int] $Width) {
        ($Object | Out-String -Width $Width) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ }
    }
}

Describe 'A view' {
    BeforeEach {
        # Windows PowerShell has no $PSStyle.
        if ($PSStyle) { $PSStyle.OutputRendering = 'PlainText' }
        [cultureinfo]::CurrentCulture = 'en-US'
    }

    AfterAll {
        if ($PSStyle) { $PSStyle.OutputRendering = $rendering }
        [cultureinfo]::CurrentCulture = $culture
    }

    It 'of <Name> has the id on a line of its own at 80 columns, and beside the rest at <Wide>' -ForEach @(
        @{ Name = 'an identity'; Wide = 120; Object = { [AcsIdentity.Models.CommunicationIdentity]::new($id, 'ann@contoso.com') } }
        @{ Name = 'a recorded identity'; Wide = 160; Object = { Get-Recorded 'ann@contoso.com' Active 90.5 } }
        @{ Name = 'a token'; Wide = 160; Object = { Get-Token 'ann@contoso.com' 90.5 } }
    ) {
        $made = & $Object
        foreach ($shown in $made, (Copy-Serialized $made)) {
            $narrow = Get-Line $shown 80
            $narrow | Should -HaveCount 4
            $narrow[2] | Should -BeLike 'ann@contoso.com*'
            $narrow[3] | Should -BeExactly $id
            $beside = Get-Line $shown $Wide
            $beside | Should -HaveCount 3
            $beside[2] | Should -BeExactly ($narrow[2].PadRight($beside[0].IndexOf(' Id') + 1) + $id) -Because 'the id is below its heading'
        }
    }

    # Of the six languages in whose cultures PowerShell breaks text between words, and of some in which it breaks words.
    It 'keeps ids whole in the culture <_>' -ForEach 'en-GB', 'de-DE', 'fr-FR', 'it-IT', 'es-ES', 'pt-BR', 'sv-SE', 'ja-JP', '' {
        $wraps = -not $_ -or $_ -in 'sv-SE', 'ja-JP'
        [cultureinfo]::CurrentCulture = $_
        $objects = [AcsIdentity.Models.CommunicationIdentity]::new($id, 'ann'), [AcsIdentity.Models.CommunicationIdentity]::new($id),
            (Get-Recorded ann Active 60), (Get-Token ann 60)
        foreach ($object in $objects) {
            foreach ($width in 80, 100) {
                Get-Line $object $width | ForEach-Object { ($_ -split ' ')[-1] } | Should -Contain $id
            }
        }
        $last = (Get-Line $objects[0] 104)[-1]
        $last | Should -BeLike $(if ($wraps) { $id } else { "ann *$id" })
    }

    It 'of claims has the whole id, and colours' {
        if ($PSEdition -eq 'Desktop') { Set-ItResult -Skipped -Because 'Windows PowerShell has no $PSStyle' }
        $PSStyle.OutputRendering = 'Ansi'
        $payload = "{`"skypeid`":`"$($id.Substring(2))`",`"exp`":$([datetimeoffset]::UtcNow.AddMinutes(-1).ToUnixTimeSeconds())}"
        $claims = "e30.$([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($payload)).TrimEnd('=').Replace('+', '-').Replace('/', '_')).AA" | ConvertFrom-AcsToken
        $coloured = Get-Line $claims 80
        "$coloured" | Should -Match "$([regex]::Escape($PSStyle.Formatting.Error))[^\e]*\(expired\)"
        "$coloured" | Should -Match "$([regex]::Escape($PSStyle.Formatting.FormatAccent))[^\e]*Id"
        $PSStyle.OutputRendering = 'PlainText'
        $plain = Get-Line $claims 80
        $plain | Should -Contain $id
        $plain | Should -HaveCount 8
        $coloured -replace '\e\[[\d;]*m' | ForEach-Object TrimEnd | Should -Be $plain
        Get-Line $claims 120 | Should -Contain "Id         : $id"
    }

    It 'of identities without tags has ids only' {
        Get-Line ([AcsIdentity.Models.CommunicationIdentity]::new($id)) 80 | Should -Be 'Id', '--', $id
    }

    It 'of a recorded identity has two lines at 80 columns: <Name>' -ForEach @(
        @{ Name = 'a long tag'; Recorded = { Get-Recorded firstname.lastname@contoso.com Active 1439.5 }; Like = 'firstname.lastname@contoso.com Active 2026-11-25 *Z (23h59m)' }
        @{ Name = 'no tag, no token'; Recorded = { Get-Recorded '' Active }; Like = '  *Active  2026-11-25' }
    ) {
        foreach ($shown in (& $Recorded), (Copy-Serialized (& $Recorded))) {
            $lines = Get-Line $shown 80
            $lines | Should -HaveCount 4
            $lines[2] | Should -BeLike $Like
            $lines[3] | Should -BeExactly $id
        }
    }

    It 'keeps other ids whole: <_>' -ForEach '8:orgid:11111111-1111-1111-1111-111111111111', '8:acs:11111111-1111-1111-1111-111111111111_22222222-2222-2222-2222-222222222222_33333333-3333-3333-3333-333333333333' {
        Get-Line (Get-Token ann 60 $_) 120 | ForEach-Object { ($_ -split ' ')[-1] } | Should -Contain $_
    }

    It 'shows the time left of a token: <Left>' -ForEach @(
        @{ Minutes = 1439.5; Left = '(23h59m)' }
        @{ Minutes = 60.5; Left = '(1h00m)' }
        @{ Minutes = 59.5; Left = '(59m)' }
        @{ Minutes = 0.5; Left = '(<1m)' }
        @{ Minutes = -1; Left = '(expired)' }
    ) {
        [cultureinfo]::CurrentCulture = 'ar-SA'
        $token = Get-Token ann $Minutes
        $iso = $token.ExpiresOn.psobject.ToString()
        $payload = [Text.Encoding]::UTF8.GetBytes("{`"exp`":$($token.ExpiresOn.ToUnixTimeSeconds() + 1)}")
        $claims = "e30.$([Convert]::ToBase64String($payload).TrimEnd('=').Replace('+', '-').Replace('/', '_')).AA" | ConvertFrom-AcsToken
        (Get-Line $token 200) -join ' ' | Should -BeLike "*ann*chat, voip $iso $Left $id"
        (Get-Line (Get-Recorded ann Active $Minutes) 200) -join ' ' | Should -BeLike "*Z $Left $id"
        Get-Line $claims 200 | Should -Contain "ExpiresOn  : $($claims.ExpiresOn.psobject.ToString()) $Left"
    }

    It 'is a table for Format-Table' {
        (Get-Token ann 60 | Format-Table | Out-String -Width 160) | Should -Match 'ann +chat, voip +\S+Z 8:acs'
    }

    It 'has colours that move nothing, if the host shows them: <Name>' -ForEach @(
        @{ Name = 'an expired token'; Object = { Get-Token ann -1 }; Text = '(expired)'; Style = { $PSStyle.Formatting.Error } }
        @{ Name = 'a token that expires soon'; Object = { Get-Token ann 4.5 }; Text = '(4m)'; Style = { $PSStyle.Formatting.Warning } }
        @{ Name = 'a recorded identity with an expired token'; Object = { Get-Recorded ann Active -1 }; Text = '(expired)'; Style = { $PSStyle.Formatting.Error } }
        @{ Name = 'an unknown identity'; Object = { Get-Recorded ann Unknown }; Text = 'Unknown'; Style = { $PSStyle.Formatting.Warning } }
        @{ Name = 'a pending identity'; Object = { Get-Recorded ann Pending }; Text = 'Pending'; Style = { $PSStyle.Formatting.Warning } }
        @{ Name = 'a deleted identity'; Object = { Get-Recorded ann Deleted }; Text = 'Deleted'; Style = { $PSStyle.Dim } }
    ) {
        if ($PSEdition -eq 'Desktop') { Set-ItResult -Skipped -Because 'Windows PowerShell has no $PSStyle' }
        $made = & $Object
        foreach ($width in 80, 160) {
            $PSStyle.OutputRendering = 'Ansi'
            $coloured = Get-Line $made $width
            "$coloured" | Should -Match "$([regex]::Escape((& $Style)))[^\e]*$([regex]::Escape($Text))"
            "$coloured" | Should -Match ([regex]::Escape($PSStyle.Formatting.TableHeader) + 'Tag')
            $PSStyle.OutputRendering = 'PlainText'
            $plain = Get-Line $made $width
            "$plain" | Should -Not -Match '\e'
            $coloured -replace '\e\[[\d;]*m' | ForEach-Object TrimEnd | Should -Be $plain
        }
    }

    It 'leaves a token with time left, and an active identity, without colour' {
        if ($PSEdition -eq 'Desktop') { Set-ItResult -Skipped -Because 'Windows PowerShell has no $PSStyle' }
        $PSStyle.OutputRendering = 'Ansi'
        foreach ($shown in (Get-Token ann 60), (Get-Recorded ann Active 60)) {
            @(Get-Line $shown 160)[-1] | Should -Not -Match '\e'
        }
    }

    It 'has no colours where $PSStyle does not exist, as in Windows PowerShell' {
        $state = [initialsessionstate]::CreateDefault()
        $state.Variables.Remove('PSStyle', $null)
        $state.ImportPSModule($env:ACSIDENTITY_MODULE_PATH)
        $shell = [powershell]::Create($state)
        try {
            $shown = $shell.AddScript({
                    Set-StrictMode -Version Latest
                    "PSStyle: $(Test-Path Variable:PSStyle)"
                    $args | Out-String -Width 160
                }).AddArgument((Get-Token ann -1)).Invoke() -join "`n"
            $shell.Streams.Error | Should -BeNullOrEmpty
        }
        finally {
            $shell.Dispose()
        }
        $shown | Should -BeLike "PSStyle: False*Tag*Scope*ann*(expired)*$id*"
        $shown | Should -Not -Match '\e'
    }

    It 'has colours in a terminal only, and whole ids at <Columns> columns' -ForEach @(@{ Columns = 80 }, @{ Columns = 160 }) -Skip:(-not (Get-Command script, stty -ErrorAction Ignore | Select-Object -Skip 1)) {
        $program = @(Get-PowerShellCommand)
        $file = Join-Path $TestDrive "show$Columns.ps1"
        Set-Content $file @"
Import-Module '$env:ACSIDENTITY_MODULE_PATH'
[AcsIdentity.Models.PlainTextCommunicationToken]::new('$id', 'chat', [datetimeoffset]::UtcNow.AddHours(-1), 'secret', 'ann')
"@
        $command = ($program | ForEach-Object { "'$_'" }) -join ' '
        $esc = [char]27
        $saved = $env:TERM, $env:NO_COLOR, $env:LC_ALL
        $env:TERM = 'xterm'
        $env:NO_COLOR = $null
        $env:LC_ALL = 'en_US.UTF-8'
        try {
            $terminal = script -qec "stty cols $Columns rows 50; $command -NoProfile -File '$file'" /dev/null
            $piped = sh -c "$command -NoProfile -File '$file'"
        }
        finally {
            $env:TERM, $env:NO_COLOR, $env:LC_ALL = $saved
        }
        $seen = $terminal -replace "$esc\[[\d;]*m" | ForEach-Object TrimEnd
        "$terminal" | Should -Match "$esc\[31;1m[^$esc]*\(expired\)"
        $seen | Where-Object { $_ -like "*$id" } | Should -Match $(if ($Columns -eq 80) { '^8:acs' } else { '^ann ' })
        "$piped" | Should -BeLike "*(expired)*$id*"
        "$piped" | Should -Not -Match $esc
    }
}
