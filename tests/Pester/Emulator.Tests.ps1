# Start-AcsEmulator, Stop-AcsEmulator, Get-AcsEmulator.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
}

Describe 'The emulator' {
    AfterEach {
        Disconnect-AcsIdentity
        Stop-AcsEmulator
    }

    It 'runs from Start-AcsEmulator to Stop-AcsEmulator' {
        Get-AcsEmulator | Should -BeNullOrEmpty
        $emulator = Start-AcsEmulator
        $emulator | Should -BeOfType AcsIdentity.AcsEmulator
        $emulator.IsRunning | Should -BeTrue
        Get-AcsEmulator | Should -Be $emulator
        (Invoke-WebRequest $emulator.Endpoint).Content | Should -BeLike '*<h1>Communication Services emulator</h1>*'
        Stop-AcsEmulator
        $emulator.IsRunning | Should -BeFalse
        Get-AcsEmulator | Should -BeNullOrEmpty
        { Invoke-WebRequest $emulator.Endpoint -SkipHttpErrorCheck } | Should -Throw
    }

    It 'is one in the process: started again it is the same' {
        $emulator = Start-AcsEmulator
        Start-AcsEmulator | Should -Be $emulator
        Start-AcsEmulator -Port $emulator.Endpoint.Port | Should -Be $emulator
        (Connect-AcsIdentity -Emulator).Endpoint | Should -Be $emulator.Endpoint
    }

    It 'listens on the port asked for, and not on two at once' {
        $port = (Start-AcsEmulator).Endpoint.Port
        Stop-AcsEmulator
        (Start-AcsEmulator -Port $port).Endpoint.Port | Should -Be $port
        { Start-AcsEmulator -Port ($port - 1) } | Should -Throw -ErrorId 'AcsEmulatorRunning,*'
    }

    It 'reports a port that is taken' {
        $taken = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $taken.Start()
        try {
            $failure = { Start-AcsEmulator -Port $taken.LocalEndpoint.Port } | Should -Throw -ErrorId 'AcsEmulatorNotStarted,*' -PassThru
            "$failure" | Should -BeLike "*$($taken.LocalEndpoint.Port)*"
        }
        finally {
            $taken.Stop()
        }
    }

    It 'is started by Connect-AcsIdentity -Emulator and forgets all when it stops' {
        [void](Connect-AcsIdentity -Emulator)
        $identity = New-AcsIdentity
        (Get-AcsEmulator).IdentityCount | Should -Be 1
        Stop-AcsEmulator
        [void](Connect-AcsIdentity -Emulator)
        (Get-AcsEmulator).IdentityCount | Should -Be 0
        { $identity | Revoke-AcsToken -ErrorAction Stop } | Should -Throw -ErrorId 'AcsIdentityNotFound,*'
    }

    It 'is followed by a connection from the environment when it starts anew' {
        $env:COMMUNICATION_SERVICES_CONNECTION_STRING = 'UseDevelopmentEmulator=true'
        try {
            New-AcsIdentity | Remove-AcsIdentity -Force -ErrorAction Stop
            Stop-AcsEmulator
            New-AcsIdentity -ErrorAction Stop | Remove-AcsIdentity -Force -ErrorAction Stop
            (Get-AcsConnection).Endpoint | Should -Be (Get-AcsEmulator).Endpoint
        }
        finally {
            $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $null
        }
    }

    It 'serves several runspaces' {
        $emulator = Start-AcsEmulator
        $module = $env:ACSIDENTITY_MODULE_PATH
        1..3 | ForEach-Object -Parallel {
            Import-Module $using:module
            [void](Connect-AcsIdentity -Emulator)
            [void](New-AcsIdentity)
        }
        $emulator.IdentityCount | Should -Be 3
    }

    It 'refuses a port that is none' {
        { Start-AcsEmulator -Port 65536 } | Should -Throw
        { Start-AcsEmulator -Port -1 } | Should -Throw
        Get-AcsEmulator | Should -BeNullOrEmpty
    }

    It 'has nothing to stop where none runs' {
        { Stop-AcsEmulator } | Should -Not -Throw
    }
}
