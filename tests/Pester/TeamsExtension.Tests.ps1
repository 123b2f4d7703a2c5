# Teams Phone access: the cmdlets of the assignments, and the exchange of a Teams Phone user's token.
BeforeDiscovery {
    $tenant = '87d349ed-44d7-43e1-9a83-5f2406dee5bd'
    $badInput = @(
        @{ Name = 'a tenant that is no GUID'; Arguments = @{ TenantId = 'contoso.com'; ObjectId = $tenant; PrincipalType = 'User' }; Id = 'ParameterArgumentTransformationError'; Like = "*'TenantId'. A GUID is needed*" }
        @{ Name = 'an object id that is no GUID'; Arguments = @{ TenantId = $tenant; ObjectId = 'ann@contoso.com'; PrincipalType = 'User' }; Id = 'ParameterArgumentTransformationError'; Like = "*'ObjectId'. A GUID is needed*" }
        @{ Name = 'an unknown principal type'; Arguments = @{ TenantId = $tenant; ObjectId = $tenant; PrincipalType = 'Group' }; Id = 'ParameterArgumentValidationError'; Like = '*"User,ResourceAccount"*' }
        @{ Name = 'an empty list of client ids'; Arguments = @{ TenantId = $tenant; ObjectId = $tenant; PrincipalType = 'User'; ClientId = @() }; Id = 'AcsNoClientId'; Like = '-ClientId has no client id.*' }
        @{ Name = 'no client id'; Arguments = @{ TenantId = $tenant; ObjectId = $tenant; PrincipalType = 'User'; ClientId = $null }; Id = 'AcsNoClientId'; Like = '-ClientId has no client id.*' }
        @{ Name = 'a blank client id'; Arguments = @{ TenantId = $tenant; ObjectId = $tenant; PrincipalType = 'User'; ClientId = ' ' }; Id = 'AcsNoClientId'; Like = '-ClientId has no client id.*' }
        @{ Name = 'a client id that is no GUID'; Arguments = @{ TenantId = $tenant; ObjectId = $tenant; PrincipalType = 'User'; ClientId = $tenant, 'secret' }; Id = 'ParameterArgumentTransformationError'; Like = "*'ClientId'. A client id is needed*" }
    )
}

BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/Support/RecordingProxy.ps1
    $emulator = Start-AcsEmulator
    [void](Connect-AcsIdentity -Emulator)

    # The two examples of Microsoft's tutorial: articles/communication-services/quickstarts/tpe/teams-phone-extensibility-access-teams-phone.md.
    # Its object id of the resource account is no GUID, and it writes teamsResourceAccount where the specification has resourceAccount.
    $tenant = '87d349ed-44d7-43e1-9a83-5f2406dee5bd'
    $user = @{ TenantId = $tenant; ObjectId = 'e5b7f628-ea94-4fdc-b3d9-1af1fe231111' }
    $client = '1bfa671a-dc6b-47f3-8940-45c0f1af0fa6'

    # Has the properties that the objects of Get-CsOnlineApplicationInstance have.
    function Get-ApplicationInstance([string] $Name, $ObjectId = (New-Guid)) {
        [pscustomobject]@{
            ObjectId = "$ObjectId"; TenantId = $tenant; UserPrincipalName = "$Name@contoso.com"; ApplicationId = 'ce933385-9390-45d1-9512-c8d228074e07'
            DisplayName = $Name; PhoneNumber = 'tel:+14255550100'
        }
    }

    function Get-NewRequest([long] $Before) {
        Get-AcsEmulatorRequest | Where-Object Number -GT $Before | ForEach-Object { "$($_.Method) $($_.Target) $($_.Status)" }
    }
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
}

Describe 'Teams Phone access' {
    It 'sends the requests of the tutorial with an access key' {
        $account = Get-ApplicationInstance sales
        $proxy = Open-RecordingProxy $emulator.Endpoint
        try {
            $connection = Connect-AcsIdentity "endpoint=http://localhost:$($proxy.Port)/;$($emulator.GetConnectionString() -replace '^[^;]*;')" -Name proxy
            $given = $account | Set-AcsTeamsExtensionAssignment -PrincipalType ResourceAccount -Connection $connection
            $userGiven = Set-AcsTeamsExtensionAssignment @user -PrincipalType User -ClientId $client -Connection $connection
            Get-AcsTeamsExtensionAssignment @user -Connection $connection | Should -Be $userGiven
            # One after the other: with several in flight the second may be on the wire first.
            $userGiven, $given | Remove-AcsTeamsExtensionAssignment -Force -ThrottleLimit 1 -Connection $connection
        }
        finally {
            Close-RecordingProxy $proxy
            Disconnect-AcsIdentity -Name proxy
        }
        # The emulator checks the signatures; the rest is compared.
        $path = "/access/teamsExtension/tenants/$tenant/assignments"
        [regex]::Matches($proxy.Sent, '(?:PUT|GET|DELETE) /\S+|\{[^}]*\}|Authorization: HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256').Value | Should -Be @(
            "PUT $path/$($account.ObjectId)?api-version=2025-06-30", 'Authorization: HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256', '{"principalType":"resourceAccount"}'
            "PUT $path/$($user.ObjectId)?api-version=2025-06-30", 'Authorization: HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256', "{`"principalType`":`"user`",`"clientIds`":[`"$client`"]}"
            "GET $path/$($user.ObjectId)?api-version=2025-06-30", 'Authorization: HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256'
            "DELETE $path/$($user.ObjectId)?api-version=2025-06-30", 'Authorization: HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256'
            "DELETE $path/$($account.ObjectId)?api-version=2025-06-30", 'Authorization: HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256'
        )
    }

    It 'writes typed objects that pipe into each other' {
        $given = Get-ApplicationInstance support | Set-AcsTeamsExtensionAssignment -PrincipalType ResourceAccount
        $given | Should -BeOfType AcsIdentity.Models.TeamsExtensionAssignment
        "$($given.TenantId) $($given.PrincipalType) $($given.ClientId.Count)" | Should -Be "$tenant ResourceAccount 0"
        $read = $given | Get-AcsTeamsExtensionAssignment
        $read | Should -Be $given
        $read | Remove-AcsTeamsExtensionAssignment -Force | Should -BeNullOrEmpty
        $read | Get-AcsTeamsExtensionAssignment -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsAssignmentNotFound,AcsIdentity.Commands.GetAcsTeamsExtensionAssignmentCommand'
        $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $failures[0].TargetObject | Should -Be $read.ObjectId
        "$($failures[0])" | Should -BeLike "'$($read.ObjectId)': http://localhost:*/: It has no Teams Phone access to this resource. (HTTP 404*"
    }

    It 'replaces an assignment, its client ids too' {
        $principal = @{ TenantId = $tenant; ObjectId = New-Guid }
        (Set-AcsTeamsExtensionAssignment @principal -PrincipalType User -ClientId $client, $tenant, $client).ClientId | Should -Be $client, $tenant
        (Set-AcsTeamsExtensionAssignment @principal -PrincipalType User).ClientId | Should -BeNullOrEmpty
        (Get-AcsTeamsExtensionAssignment @principal).ClientId | Should -BeNullOrEmpty
    }

    It 'survives <Name>' -ForEach @(
        @{ Name = 'CSV'; Copy = { ConvertTo-Csv $args[0] | ConvertFrom-Csv } }
        @{ Name = 'JSON'; Copy = { ConvertTo-Json $args[0] | ConvertFrom-Json } }
        @{ Name = 'serialization'; Copy = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($args[0])) } }
    ) {
        $given = Set-AcsTeamsExtensionAssignment -TenantId $tenant -ObjectId (New-Guid) -PrincipalType User -ClientId $client, $tenant
        $given | Remove-AcsTeamsExtensionAssignment -Force
        $again = & $Copy $given | Set-AcsTeamsExtensionAssignment
        $again | Should -Be $given
        $again.ClientId | Should -Be $client, $tenant
        $again.PrincipalType | Should -Be User
    }

    It 'gives each row its own client ids, and a row without any none' {
        $rows = 1..3 | ForEach-Object { [pscustomobject]@{ ObjectId = New-Guid; TenantId = $tenant; ClientId = '' } }
        $rows[0].ClientId = "$client, $tenant"
        $rows[2].ClientId = $tenant
        $given = $rows | Set-AcsTeamsExtensionAssignment -PrincipalType User
        $given.ObjectId | Should -Be $rows.ObjectId
        $given | ForEach-Object { $_.ClientId.ToString() } | Should -Be "$client,$tenant", '', $tenant
    }

    It 'refuses <Name> before any request' -ForEach $badInput {
        $before = $emulator.RequestCount
        $failure = { Set-AcsTeamsExtensionAssignment @Arguments -ErrorAction Stop } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        "$failure" | Should -BeLike $Like
        "$failure" | Should -Not -Match 'secret'
        $emulator.RequestCount | Should -Be $before
    }

    It 'reports a bad row and goes on with the next' {
        $good = Get-ApplicationInstance desk
        $before = $emulator.RequestCount
        $given = (Get-ApplicationInstance bad 'no guid'), [pscustomobject]@{ Name = 'x' }, $good | Set-AcsTeamsExtensionAssignment -PrincipalType ResourceAccount -ErrorAction SilentlyContinue -ErrorVariable failures
        $given.ObjectId | Should -Be $good.ObjectId
        $failures | Should -HaveCount 2
        $emulator.RequestCount - $before | Should -Be 1
    }

    It 'sends nothing with -WhatIf, and names the principal' {
        $account = Get-ApplicationInstance whatif
        $before = $emulator.RequestCount
        $account | Set-AcsTeamsExtensionAssignment -PrincipalType ResourceAccount -WhatIf | Should -BeNullOrEmpty
        $account | Remove-AcsTeamsExtensionAssignment -Force -WhatIf
        $account | Remove-AcsTeamsExtensionAssignment -Confirm:$false -WhatIf
        $emulator.RequestCount | Should -Be $before
        $shell = [powershell]::Create('CurrentRunspace')
        # A message of -WhatIf goes to the host, which a transcript records.
        $transcript = Join-Path $TestDrive 'whatif.txt'
        [void]$shell.AddScript("`$null = Start-Transcript '$transcript'; Remove-AcsTeamsExtensionAssignment -TenantId $tenant -ObjectId $($account.ObjectId) -WhatIf; `$null = Stop-Transcript").Invoke()
        $shell.Dispose()
        Get-Content $transcript | Should -Contain "What if: Performing the operation `"Take away Teams Phone access`" on target `"$($account.ObjectId) at $($emulator.Endpoint)`"."
    }

    It 'asks before it removes' {
        $account = Get-ApplicationInstance confirm | Set-AcsTeamsExtensionAssignment -PrincipalType ResourceAccount
        # The tests run non-interactively, so the question itself is an error.
        { $account | Remove-AcsTeamsExtensionAssignment } | Should -Throw -ExpectedMessage '*NonInteractive*'
        { $account | Remove-AcsTeamsExtensionAssignment -Force -Confirm } | Should -Throw -ExpectedMessage '*NonInteractive*'
        $account | Get-AcsTeamsExtensionAssignment | Should -Be $account
        $account | Remove-AcsTeamsExtensionAssignment -Confirm:$false
        $account | Get-AcsTeamsExtensionAssignment -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'is repeated after a failure: <Kind>' -ForEach @(@{ Kind = 'Status' }, @{ Kind = 'LoseAnswer' }) {
        $account = Get-ApplicationInstance again
        $fault = @{ Kind = $Kind; Next = 1; Operation = 'Assign' }
        if ($Kind -eq 'Status') { $fault.Status = 503 }
        [void](Start-AcsEmulator -Fault $fault)
        $before = $emulator.RequestCount
        $given = $account | Set-AcsTeamsExtensionAssignment -PrincipalType ResourceAccount
        [void](Start-AcsEmulator -Fault $fault)
        $given | Remove-AcsTeamsExtensionAssignment -Force -ErrorVariable failures
        $failures | Should -BeNullOrEmpty
        @(Get-NewRequest $before) | Should -HaveCount 4
        [void](Start-AcsEmulator -Fault @())
    }

    It 'ends after -FailureLimit calls that cannot pass' {
        $closed = 'endpoint=http://localhost:1/;accesskey=a2V5'
        { 1..5 | ForEach-Object { Get-ApplicationInstance "$_" } | Set-AcsTeamsExtensionAssignment -PrincipalType ResourceAccount -Connection $closed -FailureLimit 2 -TimeoutSec 3 -ErrorAction SilentlyContinue } |
            Should -Throw -ErrorId 'AcsTooManyFailures,*'
    }

    It 'does not open the ledger' {
        $file = Join-Path $TestDrive 'assignments.db'
        $connection = Connect-AcsIdentity -Emulator -Ledger $file -Name recorded
        Remove-Item $file
        Get-ApplicationInstance ledger | Set-AcsTeamsExtensionAssignment -PrincipalType ResourceAccount -Connection $connection | Should -Not -BeNullOrEmpty
        $file | Should -Not -Exist
        Disconnect-AcsIdentity -Name recorded
    }

    It 'is shown with whole ids at 80 columns' {
        $given = Set-AcsTeamsExtensionAssignment -TenantId $tenant -ObjectId (New-Guid) -PrincipalType User -ClientId $client, $tenant
        $lines = ($given | Out-String -Width 80) -split '\r?\n' -replace '\e\[[\d;]*m' | Where-Object { $_ }
        $lines | Should -Be "ObjectId      : $($given.ObjectId)", "TenantId      : $tenant", 'PrincipalType : User', "ClientId      : $client", "                $tenant"
    }

    It 'can be mocked' {
        $assignment = [AcsIdentity.Models.TeamsExtensionAssignment]::new($tenant, $user.ObjectId, 'User', [guid[]]$client)
        "$assignment $($assignment.ClientId)" | Should -Be "$tenant/$($user.ObjectId) $client"
        [AcsIdentity.Models.TeamsExtensionAssignment]::new($tenant, $user.ObjectId, 'ResourceAccount').ClientId | Should -BeNullOrEmpty
    }
}

Describe 'The token of a Teams Phone user' {
    BeforeAll {
        function ConvertTo-Token([string] $Payload) {
            $parts = '{"alg":"none"}', $Payload, 'not signed' | ForEach-Object { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($_)).TrimEnd('=').Replace('+', '-').Replace('/', '_') }
            ConvertTo-SecureString ($parts -join '.') -AsPlainText -Force
        }
    }

    It 'is not sent over http' {
        $before = $emulator.RequestCount
        $failure = { Get-AcsToken -TeamsExtensionToken (ConvertTo-Token '{"exp":4102444800}') -ErrorAction Stop } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'AcsInvalidConnection,*'
        $emulator.RequestCount | Should -Be $before
    }

    It 'is refused before a request: <Name>' -ForEach @(
        @{ Name = 'expired'; Payload = '{"exp":1700000000}'; Like = 'The access token has expired*' }
        @{ Name = 'for another service'; Payload = '{"exp":4102444800,"aud":"https://graph.microsoft.com"}'; Like = '*is for https://graph.microsoft.com. Get one for the scope https://auth.msft.communication.azure.com/TeamsExtension.ManageCalls.' }
        @{ Name = 'for Teams only'; Payload = '{"exp":4102444800,"aud":"https://auth.msft.communication.azure.com","scp":"Teams.ManageCalls Teams.ManageChats"}'; Like = '*has the permission Teams.ManageCalls Teams.ManageChats. Get one for the scope *TeamsExtension.ManageCalls.' }
        @{ Name = 'of an identity'; Payload = '{"exp":4102444800,"skypeid":"acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081"}'; Like = '*This one is of the identity 8:acs:*' }
    ) {
        # Nobody listens there.
        Get-AcsToken -TeamsExtensionToken (ConvertTo-Token $Payload) -Connection 'endpoint=https://localhost:1/;accesskey=a2V5' -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'AcsInvalidToken,*'
        "$($failures[0])" | Should -BeLike $Like
    }
}
