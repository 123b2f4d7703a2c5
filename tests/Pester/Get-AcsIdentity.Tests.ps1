# Get-AcsIdentity, and what is said of identities when a pipeline ends early.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/Support/EmulatorControl.ps1
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
}

Describe 'Get-AcsIdentity' {
    BeforeEach { Use-NewEmulator }

    It 'writes the identities that were created, in order, and not those that were deleted' {
        Get-AcsIdentity | Should -BeNullOrEmpty
        $made = 'ann', 'bob', 'eve' | New-AcsIdentity
        $made[1] | Remove-AcsIdentity -Force
        $found = Get-AcsIdentity
        $found.Id | Should -Be $made[0].Id, $made[2].Id
        $found.Tag | Should -Be 'ann', 'eve'
        $found | Get-AcsToken -Scope chat | Should -HaveCount 2
    }

    It 'writes only those of the last run with -LastRun' {
        [void]('ann' | New-AcsIdentity)
        [void]('bob', 'eve' | New-AcsIdentity)
        (Get-AcsIdentity -LastRun).Tag | Should -Be 'bob', 'eve'
        (Get-AcsIdentity).Tag | Should -Be 'ann', 'bob', 'eve'
    }

    It 'forgets the identities that a reset of the emulator deletes' {
        [void]('ann' | New-AcsIdentity)
        $emulator.Reset()
        Get-AcsIdentity | Should -BeNullOrEmpty
    }

    It 'keeps no token' {
        [void](New-AcsIdentity -Scope chat)
        (Get-AcsIdentity).AccessToken | Should -BeNullOrEmpty
    }

    It 'writes those of its connection only' {
        [void](New-AcsIdentity -Tag ann)
        $other = Connect-AcsIdentity 'endpoint=https://contoso.communication.azure.com/;accesskey=c2VjcmV0' -Name other
        Get-AcsIdentity -Connection $other | Should -BeNullOrEmpty
        Disconnect-AcsIdentity other
    }

    It 'keeps the newest 10,000' {
        $made = New-AcsIdentity -Count 10005 -ThrottleLimit 16
        (Get-AcsIdentity).Id | Should -Be $made[5..10004].Id
    }
}

Describe 'A pipeline that ends early' {
    BeforeEach { Use-NewEmulator }

    BeforeAll {
        # Runs a script in its own runspace, as at a prompt; stops it when it has created some identities, if asked to.
        function Invoke-Session([string] $Script, [switch] $Stop) {
            $shell = [powershell]::Create()
            try {
                [void]$shell.AddScript("param(`$connection) Import-Module `$env:ACSIDENTITY_MODULE_PATH; `$PSDefaultParameterValues = @{ '*-Acs*:Connection' = `$connection }; `$made = 'not set'; $Script")
                $running = $shell.AddArgument((Get-AcsConnection)).BeginInvoke()
                if ($Stop) {
                    while ($emulator.IdentityCount -lt 100) { Start-Sleep -Milliseconds 5 }
                    $shell.Stop()
                }

                try { [void]$shell.EndInvoke($running) } catch { Write-Verbose "$_" }
                $again = [powershell]::Create()
                $again.Runspace = $shell.Runspace
                [pscustomobject]@{
                    Warnings = @($shell.Streams.Warning | ForEach-Object Message)
                    Made     = @($again.AddScript('$made').Invoke())
                }
            }
            finally {
                $shell.Runspace.Dispose()
                $shell.Dispose()
            }
        }
    }

    It 'by Ctrl+C in <Name> says how many were written, and Get-AcsIdentity writes them' -ForEach @(
        @{ Name = 'an assignment'; Script = '$made = New-AcsIdentity -Count 20000' }
        @{ Name = 'an assignment after Get-AcsToken'; Script = '$made = New-AcsIdentity -Count 20000 | Get-AcsToken -Scope chat' }
    ) {
        $session = Invoke-Session -Stop $Script
        $session.Made | Should -Be 'not set'
        $told = @($session.Warnings | Where-Object { $_ -match 'The pipeline ended early\. ([\d,]+) identities were written before\..*Get-AcsIdentity -LastRun' })
        $told | Should -HaveCount 1
        $count = [int]([regex]::Match($told[0], 'early\. ([\d,]+) ').Groups[1].Value -replace ',')
        $found = @(Get-AcsIdentity -LastRun)
        $found | Should -HaveCount $count
        $named = [regex]::Matches("$($session.Warnings)", '8:acs:[0-9a-f_-]+').Value
        @($found.Id) + $named | Select-Object -Unique | Should -HaveCount $emulator.IdentityCount -Because 'each identity that exists is listed or named'
    }

    It 'by <Name> says how many were written' -ForEach @(
        @{ Name = 'an error with -ErrorAction Stop'; Script = 'try { $made = 1..20 | New-AcsIdentity -ThrottleLimit 1 -ErrorAction Stop } catch {}'; Fault = @{ operation = 'create'; every = 5 }; Count = 4 }
        # The third issue fails: all three identities were written by then.
        @{ Name = 'an error with -ErrorAction Stop in a later cmdlet'; Script = 'try { $made = New-AcsIdentity -Count 3 | Get-AcsToken -Scope voip -ErrorAction Stop } catch {}'; Fault = @{ operation = 'issue'; every = 3 }; Count = 3 }
        @{ Name = 'an error in a later command'; Script = 'try { $made = New-AcsIdentity -Count 20 | ForEach-Object { if (++$n -eq 3) { throw "broken" }; $_ } } catch {}'; Count = 3 }
        @{ Name = 'an error with -ErrorAction Stop in a later command'; Script = 'try { $made = New-AcsIdentity -Count 20 | ForEach-Object { Write-Error broken -ErrorAction Stop } } catch {}'; Count = 1 }
        @{ Name = 'an error in an earlier command'; Script = 'try { $made = 1..3 | ForEach-Object { if ($_ -eq 3) { throw "broken" }; $_ } | New-AcsIdentity -ThrottleLimit 1 } catch {}'; Count = 2 }
        @{ Name = 'too many failures'; Script = 'try { $made = 1..20 | New-AcsIdentity -ThrottleLimit 1 -FailureLimit 1 -ErrorAction SilentlyContinue } catch {}'; Fault = @{ operation = 'create'; every = 5 }; Count = 4 }
    ) {
        if ($Fault) { Add-Fault ($Fault + @{ kind = 'status'; status = 401 }) }
        $session = Invoke-Session $Script
        $session.Made | Should -Be 'not set'
        $written = switch ($Count) { 1 { '*1 identity was written before.*' } default { "*$Count identities were written before.*" } }
        "$($session.Warnings)" | Should -BeLike $written
        Get-AcsIdentity -LastRun | Should -HaveCount $Count
    }

    It 'by choice says nothing: <_>' -ForEach @(
        '$made = New-AcsIdentity -Count 20 | Select-Object -First 2'
        '$made = 1..20 | New-AcsIdentity -ThrottleLimit 1 | Select-Object -First 2'
        '$made = 1..20 | Select-Object -First 2 | New-AcsIdentity'
    ) {
        $session = Invoke-Session $_
        $session.Warnings | Should -BeNullOrEmpty
        $session.Made | Should -HaveCount 2
        (Get-AcsIdentity -LastRun).Id | Should -Be $session.Made.Id
    }
}
