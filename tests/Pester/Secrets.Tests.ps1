# No output has a token or a key, unless -AsPlainText asks for it.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
}

Describe 'Secrets' {
    It 'are in no view, text, file, stream, error or transcript' {
        # Both processes show debug messages by the preference: in Windows PowerShell, -Debug asks after each of them.
        $walk = {
            $emulator = Start-AcsEmulator
            $connection = Connect-AcsIdentity $emulator.GetConnectionString()
            $connection, $emulator, (Get-AcsConnection), (Get-AcsEmulator)
            $identity = New-AcsIdentity -Tag bob -Scope chat -Verbose
            $identity
            $token = $identity | Get-AcsToken -Scope voip -Verbose
            $token
            $token | Get-AcsToken
            $token | ConvertFrom-AcsToken -Verbose
            $token | Test-AcsToken -Verbose
            $token, 'not a token' | Test-AcsToken -Detailed -Verbose
            $identity | Revoke-AcsToken -PassThru -Verbose
            $script:keys = @($emulator.GetConnectionString() -replace '^.*accesskey=')
            $script:tokens = $identity.AccessToken, $token | ForEach-Object { [Net.NetworkCredential]::new('', $_.Token).Password }

            # Failures of each kind: refused by the service, and by the module.
            $identity | Remove-AcsIdentity -Force -Verbose
            $token | Get-AcsToken -ErrorAction Continue
            Get-AcsEmulatorRequest -Verbose
            $token | Remove-AcsIdentity -Force -ErrorAction Continue
            New-AcsIdentity -Connection (Connect-AcsIdentity "endpoint=$($emulator.Endpoint);accesskey=d3Jvbmcga2V5") -ErrorAction Continue
            $script:keys += 'd3Jvbmcga2V5'
            foreach ($failing in
                { Connect-AcsIdentity -ConnectionString "endpoint=nowhere;accesskey=$($script:keys[0])" },
                { Connect-AcsIdentity -Endpoint $emulator.Endpoint -AccessKey $script:keys[0] },
                { Start-AcsEmulator -AccessKey $script:keys[0] },
                { Get-AcsToken -TeamsUserToken $script:tokens[0] -ClientId (New-Guid) -UserObjectId (New-Guid) },
                { $script:tokens[0] | Get-AcsToken -Scope chat -ErrorAction Stop },
                { $script:tokens[0] | Revoke-AcsToken -ErrorAction Stop },
                { $script:tokens[0].Replace('.', '') | ConvertFrom-AcsToken -ErrorAction Stop },
                { [pscustomobject]@{ Other = $script:tokens[0] } | Test-AcsToken -ErrorAction Stop },
                { Start-AcsEmulator -Identity $script:tokens[0] },
                { Start-AcsEmulator -Clock $script:tokens[0] },
                { Get-AcsToken $identity -Scope $script:tokens[0] }
            ) {
                try { & $failing } catch { $_ | Out-Null }
            }
        }

        # The console and the transcript of another process show all objects, streams and errors. Here they would fill the
        # output of the test run. Out-Default gets one object at a time, or all have the view of the first.
        $script = Join-Path $TestDrive 'walk.ps1'
        $transcript = Join-Path $TestDrive 'transcript.txt'
        $secretsFile = Join-Path $TestDrive 'secrets.txt'
        Set-Content $script "Import-Module `$env:ACSIDENTITY_MODULE_PATH
            `$VerbosePreference = `$DebugPreference = `$InformationPreference = 'Continue'
            [void](Start-Transcript '$transcript')
            & {$walk} | ForEach-Object { `$_ | Out-Default }
            [void](Stop-Transcript)
            `$keys + `$tokens | Set-Content '$secretsFile'"
        $start = Get-PowerShellStartInfo $script
        $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $process = [Diagnostics.Process]::Start($start)
        $errors = $process.StandardError.ReadToEndAsync()
        $console = $process.StandardOutput.ReadToEnd() + $errors.Result
        $process.WaitForExit()

        $file = Join-Path $TestDrive 'objects'
        $seen = [Text.StringBuilder]::new()
        $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
        $Error.Clear()
        try {
            $all = & $walk *>&1

            foreach ($object in $all) {
                [void]$seen.AppendLine(($object | Out-String))
                [void]$seen.AppendLine(($object | Format-List * -Force | Out-String))
                [void]$seen.AppendLine(($object | Format-Table * | Out-String))
                [void]$seen.AppendLine(($object | Format-Custom -Depth 4 | Out-String))
                [void]$seen.AppendLine("$object" + $object.ToString())
            }
            $objects = $all | Where-Object { $_.GetType().Namespace -like 'AcsIdentity*' }
            [void]$seen.AppendLine(($objects | ConvertTo-Json -Depth 6))
            [void]$seen.AppendLine(($objects | ConvertTo-Json -Depth 6 -Compress))
            foreach ($group in $objects | Group-Object { $_.GetType().Name }) {
                $group.Group | Export-Csv $file
                [void]$seen.AppendLine((Get-Content -Raw $file))
            }
            $objects | Export-Clixml $file -Depth 6
            [void]$seen.AppendLine((Get-Content -Raw $file))
            foreach ($failure in $Error) {
                [void]$seen.AppendLine(($failure | Format-List * -Force | Out-String))
                [void]$seen.AppendLine($failure.Exception.ToString() + $failure.TargetObject)
            }
            $Error | ForEach-Object { $_.Exception } | Export-Clixml $file
            [void]$seen.AppendLine((Get-Content -Raw $file))
        }
        finally {
            Disconnect-AcsIdentity
            Stop-AcsEmulator
        }
        $transcribed = Get-Content -Raw $transcript
        [void]$seen.AppendLine($transcribed).AppendLine($console)
        # Views wrap and indent long values, and those of errors have colours and a margin.
        $text = $seen.ToString() -replace '\e\[[\d;]*m' -replace '\r?\n\s+\|\s' -replace '\s'

        # Every kind of object, stream and error was seen; otherwise this test proves nothing.
        $objects.GetType().FullName | Should -Not -BeNullOrEmpty
        ($objects | ForEach-Object { $_.GetType().Name } | Sort-Object -Unique) |
            Should -Be 'AcsConnection', 'AcsEmulator', 'AcsEmulatorRequest', 'CommunicationIdentity', 'CommunicationTokenClaims', 'CommunicationTokenStatus', 'SecureCommunicationToken'
        $Error.Count | Should -BeGreaterOrEqual 9
        $all | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | Should -Not -BeNullOrEmpty
        $text | Should -Match 'ObjectNotFound'
        $text | Should -Match 'AuthenticationError'
        foreach ($part in 'DEBUG: ', 'VERBOSE: ', 'IdentityNotOwned', 'Denied', 'bob', 'voip') {
            $transcribed.Contains($part) | Should -BeTrue -Because "the transcript has $part"
            $console.Contains($part) | Should -BeTrue -Because "the console has $part"
        }
        $tokens | Should -HaveCount 2
        $otherSecrets = Get-Content $secretsFile
        $otherSecrets | Should -HaveCount 4
        foreach ($secret in $keys + $tokens + $otherSecrets) {
            $secret.Length | Should -BeGreaterThan 10
            $forms = $secret, ([BitConverter]::ToString([Text.Encoding]::Unicode.GetBytes($secret)) -replace '-'), [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($secret))
            foreach ($form in $forms) {
                $at = $text.IndexOf($form, [StringComparison]::OrdinalIgnoreCase)
                $(if ($at -ge 0) { 'seen after: ' + $text.Substring([Math]::Max(0, $at - 200), [Math]::Min(200, $at)) }) | Should -BeNullOrEmpty
            }
            # No useful part of a secret either: the signature of a token, the start of a key.
            $piece = $secret.Split('.')[-1]
            $text.Contains($piece.Substring(0, [Math]::Min(40, $piece.Length))) | Should -BeFalse
        }
    }

    It 'do not reach files and other processes by <Name>' -ForEach @(
        @{ Name = 'Export-Clixml after the module is removed'; Send = { Remove-Module AcsIdentity; $secure | Export-Clixml $file -Depth 4; Get-Content -Raw $file } }
        @{ Name = 'Export-Clixml of all properties'; Send = { $secure | Select-Object * | Export-Clixml $file -Depth 4; Get-Content -Raw $file } }
        @{ Name = 'a runspace without the module'; Send = {
                $shell = [powershell]::Create().AddScript({ [System.Management.Automation.PSSerializer]::Serialize($args[0], 4) }).AddArgument($secure)
                try { $shell.Invoke() } finally { $shell.Dispose() }
            }
        }
        @{ Name = 'a job'; Send = { Start-Job { $t = $using:secure; $t.AccessToken.Token, $t.Token | Where-Object { $_ } | ForEach-Object { [Net.NetworkCredential]::new('', $_).Password }; $t | Format-List * -Force | Out-String } | Receive-Job -Wait -AutoRemoveJob } }
    ) {
        $file = Join-Path $TestDrive 'sent'
        try {
            foreach ($kind in 'identity', 'token') {
                [void](Connect-AcsIdentity -Emulator)
                $secure = if ($kind -eq 'token') { New-AcsIdentity | Get-AcsToken -Scope chat } else { New-AcsIdentity -Scope chat }
                $token = [Net.NetworkCredential]::new('', $(if ($kind -eq 'token') { $secure.Token } else { $secure.AccessToken.Token })).Password
                $sent = & $Send | Out-String
                Import-Module $env:ACSIDENTITY_MODULE_PATH
                $token.Length | Should -BeGreaterThan 100
                foreach ($form in $token, ([BitConverter]::ToString([Text.Encoding]::Unicode.GetBytes($token)) -replace '-')) {
                    ($sent -replace '\s').IndexOf($form, [StringComparison]::OrdinalIgnoreCase) | Should -Be -1
                }
            }
        }
        finally {
            Import-Module $env:ACSIDENTITY_MODULE_PATH
            Disconnect-AcsIdentity
            Stop-AcsEmulator
        }
    }

    It 'do not hide the other properties of a token in a job' {
        [void](Connect-AcsIdentity -Emulator)
        $identity = New-AcsIdentity -Scope chat
        $module = $env:ACSIDENTITY_MODULE_PATH
        (Start-Job { Import-Module $using:module; $using:identity } | Receive-Job -Wait -AutoRemoveJob).AccessToken.Id | Should -Be $identity.Id
        Disconnect-AcsIdentity
        Stop-AcsEmulator
    }

    It 'are in JSON, CSV and Clixml with -AsPlainText, but not in views' {
        [void](Connect-AcsIdentity -Emulator)
        $token = New-AcsIdentity | Get-AcsToken -Scope chat -AsPlainText
        ($token | ConvertTo-Json | ConvertFrom-Json).Token | Should -Be $token.Token
        ($token | ConvertTo-Csv | ConvertFrom-Csv).Token | Should -Be $token.Token
        $token | Export-Clixml (Join-Path $TestDrive 'token')
        (Import-Clixml (Join-Path $TestDrive 'token')).Token | Should -Be $token.Token
        $identity = New-AcsIdentity -Scope chat -AsPlainText
        ($identity | ConvertTo-Csv | ConvertFrom-Csv).Token | Should -Be $identity.AccessToken.Token
        ($identity | ConvertTo-Csv | ConvertFrom-Csv | ConvertFrom-AcsToken).Id | Should -Be $identity.Id
        $identity | Out-String | Should -Not -BeLike "*$($identity.Token.Substring(0, 20))*"
        "$token" | Should -Not -BeLike "*$($token.Token)*"
        $token | Out-String | Should -Not -BeLike "*$($token.Token.Substring(0, 20))*"
        Disconnect-AcsIdentity
        Stop-AcsEmulator
    }
}

Describe 'A secret that is typed as text' {
    BeforeAll {
        function Get-Warning([string[]] $Line, [switch] $Script) {
            $session = [powershell]::Create()
            try {
                # PSReadLine defines the function in a session with a prompt. Its history is what the warning is about.
                $prompt = if (-not $Script) { 'function global:PSConsoleHostReadLine {}' }
                "Import-Module '$env:ACSIDENTITY_MODULE_PATH'; `$key = 'c2VjcmV0IGtleQ=='; $prompt", $Line | ForEach-Object { $_ } | ForEach-Object {
                    $session.Commands.Clear()
                    [void]$session.AddScript($_).Invoke()
                }
                $session.Streams.Error | Should -BeNullOrEmpty
                $session.Streams.Warning.Message
            }
            finally {
                $session.Dispose()
            }
        }

        $typed = "Connect-AcsIdentity 'endpoint=https://r.communication.azure.com;accesskey=c2VjcmV0IGtleQ=='"
    }

    It 'at a prompt gives one warning in a session, which does not show it' {
        $warning = Get-Warning $typed, $typed, 'ConvertFrom-AcsToken e30.e30.AA'
        $warning | Should -HaveCount 1
        $warning | Should -BeLike '*history*Get-Secret*COMMUNICATION_SERVICES_CONNECTION_STRING*'
        $warning | Should -Not -BeLike '*c2VjcmV0*'
    }

    It 'gives the warning as <Name>' -ForEach @(
        @{ Name = '-Connection'; Line = 'New-AcsIdentity -WhatIf -Connection "endpoint=https://r.communication.azure.com;accesskey=c2VjcmV0IGtleQ=="' }
        @{ Name = '-LedgerConnectionString'; Line = 'try { Connect-AcsIdentity -Emulator -LedgerConnectionString "AccountName=a;AccountKey=c2VjcmV0IGtleQ==" } catch { $null = $_ }' }
        @{ Name = 'a token'; Line = 'ConvertFrom-AcsToken eyJhIjoxfQ.eyJleHAiOjF9.AA' }
        @{ Name = 'a token to test'; Line = '$null = Start-AcsEmulator; $null = Test-AcsToken eyJhIjoxfQ.eyJleHAiOjF9.AA; Stop-AcsEmulator' }
    ) {
        Get-Warning $Line | Should -HaveCount 1
    }

    It 'gives no warning for <Name>' -ForEach @(
        @{ Name = 'a variable'; Line = 'Connect-AcsIdentity "endpoint=https://r.communication.azure.com;accesskey=$key"' }
        @{ Name = 'the environment'; Line = '$env:ACS = "endpoint=https://r.communication.azure.com;accesskey=$key"; Connect-AcsIdentity $env:ACS; $env:ACS = $null' }
        @{ Name = 'the emulator'; Line = 'Connect-AcsIdentity UseDevelopmentEmulator=true' }
    ) {
        Get-Warning $Line | Should -BeNullOrEmpty
    }

    It 'gives no warning in a script' {
        Set-Content (Join-Path $TestDrive connect.ps1) $typed
        Get-Warning ". '$(Join-Path $TestDrive connect.ps1)'" | Should -BeNullOrEmpty
        Get-Warning $typed -Script | Should -BeNullOrEmpty
    }
}
