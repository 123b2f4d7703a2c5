BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
}

Describe 'Get-AcsEmulatorRequest' {
    BeforeEach {
        $emulator = Start-AcsEmulator
        [void](Connect-AcsIdentity -Emulator)
    }

    AfterEach {
        Disconnect-AcsIdentity
        Stop-AcsEmulator
    }

    It 'writes nothing without an emulator' {
        Stop-AcsEmulator
        Get-AcsEmulatorRequest | Should -BeNullOrEmpty
    }

    It 'writes the requests in the order of arrival' {
        $identity = New-AcsIdentity
        [void]($identity | Get-AcsToken -Scope chat)
        $identity | Revoke-AcsToken
        $identity | Remove-AcsIdentity -Force
        $requests = Get-AcsEmulatorRequest
        $requests | Should -BeOfType AcsIdentity.Models.AcsEmulatorRequest
        $requests.Number | Should -Be 1, 2, 3, 4
        $requests.Operation | Should -Be 'Create', 'Issue', 'Revoke', 'Delete'
        $requests.Method | Should -Be 'POST', 'POST', 'POST', 'DELETE'
        $requests.Status | Should -Be 201, 200, 204, 204
        $requests[1].Target | Should -BeLike "/identities/$([uri]::EscapeDataString($identity.Id))/:issueAccessToken`?api-version=*"
        $requests[0].UserAgent | Should -BeLike 'azsdk-net-*'
        $requests.RequestId | Sort-Object -Unique | Should -HaveCount 4
        $requests[0].Time | Should -BeOfType DateTimeOffset
        $requests[0].Duration | Should -BeOfType TimeSpan
        "$($requests[0])" | Should -BeLike 'POST /identities?api-version=*: 201'
    }

    It 'writes only the operations that are asked for' {
        [void](New-AcsIdentity -Count 2 | Get-AcsToken -Scope chat)
        Get-AcsEmulatorRequest -Operation Create | Should -HaveCount 2
        (Get-AcsEmulatorRequest issue, delete).Operation | Should -Be 'Issue', 'Issue'
        Get-AcsEmulatorRequest -Operation Revoke | Should -BeNullOrEmpty
    }

    It 'shows the fault and a missing status, and the time of the moved clock' {
        [void](Start-AcsEmulator -Clock 2030-12-01 -Fault @{ Kind = 'LoseAnswer'; Operation = 'Create'; Next = 1 })
        New-AcsIdentity -ErrorAction SilentlyContinue
        $request = Get-AcsEmulatorRequest
        $request.Status | Should -BeNullOrEmpty
        $request.Fault | Should -Be 'LoseAnswer'
        $request.Time.ToLocalTime().ToString('yyyy-MM-dd') | Should -Be '2030-12-01'
    }

    It 'shows the operation of a request that was refused, and no operation of another path' {
        { Invoke-WebRequest "$($emulator.Endpoint)identities" -Method Post } | Should -Throw
        { Invoke-WebRequest "$($emulator.Endpoint)elsewhere" } | Should -Throw
        (Get-AcsEmulatorRequest).Operation | Should -Be 'Create', $null
        (Get-AcsEmulatorRequest).Status | Should -Be 401, 401
    }

    It 'is empty again after a reset' {
        [void](New-AcsIdentity)
        Reset-AcsEmulator
        Get-AcsEmulatorRequest | Should -BeNullOrEmpty
    }

    It 'has a table with the number, time, status and request' {
        [void](New-AcsIdentity)
        $table = Get-AcsEmulatorRequest | Out-String -Width 80
        $table | Should -Match 'Number\s+Time\s+Status\s+Request'
        $table | Should -Match '1 +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +201 +POST /identities'
    }
}
