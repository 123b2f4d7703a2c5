# Connect-AcsIdentity, Disconnect-AcsIdentity, Get-AcsConnection, and which connection the other cmdlets use.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    $emulator = Start-AcsEmulator
    $connectionString = $emulator.GetConnectionString()
    $key = $connectionString -replace '^.*accesskey='
    $wrongKey = 'd3Jvbmcga2V5'
}

AfterAll {
    Stop-AcsEmulator
}

Describe 'Connect-AcsIdentity' {
    AfterEach {
        Disconnect-AcsIdentity
        $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $env:AZURE_COMMUNICATION_CONNECTION_STRING = $null
    }

    It 'connects by <Name> and sends nothing' -ForEach @(
        @{ Name = 'connection string'; Source = '-ConnectionString'; Connect = { Connect-AcsIdentity $connectionString } }
        @{ Name = 'connection string as SecureString'; Source = '-ConnectionString'; Connect = { Connect-AcsIdentity -ConnectionString (ConvertTo-SecureString $connectionString -AsPlainText -Force) } }
        @{ Name = 'UseDevelopmentEmulator=true'; Source = '-ConnectionString'; Connect = { Connect-AcsIdentity 'UseDevelopmentEmulator=true' } }
        @{ Name = 'endpoint and key'; Source = '-AccessKey'; Connect = { Connect-AcsIdentity -Endpoint $emulator.Endpoint -AccessKey (ConvertTo-SecureString $key -AsPlainText -Force) } }
        @{ Name = '-Emulator'; Source = '-Emulator'; Connect = { Connect-AcsIdentity -Emulator } }
        @{ Name = 'the environment'; Source = 'environment variable COMMUNICATION_SERVICES_CONNECTION_STRING'; Connect = {
                $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $connectionString
                Connect-AcsIdentity
            }
        }
    ) {
        $before = $emulator.RequestCount
        $connection = & $Connect
        $emulator.RequestCount | Should -Be $before
        $connection | Should -BeOfType AcsIdentity.Models.AcsConnection
        $connection.Endpoint | Should -Be $emulator.Endpoint
        $connection.Source | Should -Be $Source
        Get-AcsConnection | Should -Be $connection
        New-AcsIdentity | Remove-AcsIdentity -Force
        $emulator.RequestCount - $before | Should -Be 2
    }

    It 'says which client library is linked' {
        (Connect-AcsIdentity -Emulator).Sdk | Should -Match '^(AcsIdentity\.SdkStandIn|Azure\.Communication\.Identity) \d+\.\d+\.\d+'
    }

    It 'refuses <Name>, and shows the wrong part but not the key' -ForEach @(
        @{ Name = 'a connection string without endpoint'; Text = 'accesskey=c2VjcmV0IGtleQ=='; Message = '*no endpoint*' }
        @{ Name = 'a connection string without key'; Text = 'endpoint=https://r.communication.azure.com/'; Message = '*no accesskey*' }
        @{ Name = 'a key that is not base64'; Text = 'endpoint=https://r.communication.azure.com/;accesskey=c2VjcmV0IGtleQ!'; Message = '*not base64*' }
        @{ Name = 'an endpoint that is not an address'; Text = 'endpoint=nowhere;accesskey=c2VjcmV0IGtleQ=='; Message = '*not an address*' }
        @{ Name = 'an empty connection string'; Text = ''; Message = '-ConnectionString: *connection string is empty*environment variable*not be set*' }
        @{ Name = 'an environment variable that is not set'; Text = $env:ACSIDENTITY_NOT_SET; Message = '-ConnectionString: *connection string is empty*environment variable*not be set*' }
        @{ Name = 'http to another machine'; Text = 'endpoint=http://r.communication.azure.com/;accesskey=c2VjcmV0IGtleQ=='; Message = '*http*Use https*' }
        @{ Name = 'an endpoint with a path'; Text = 'endpoint=https://r.communication.azure.com/c2VjcmV0IGtleQ;accesskey=c2VjcmV0IGtleQ=='; Message = '*has a path*' }
        @{ Name = 'an endpoint with a query'; Text = 'endpoint=https://r.communication.azure.com/?c2VjcmV0IGtleQ;accesskey=c2VjcmV0IGtleQ=='; Message = '*has a query*' }
        @{ Name = 'an endpoint with a fragment'; Text = 'endpoint=https://r.communication.azure.com/#c2VjcmV0IGtleQ;accesskey=c2VjcmV0IGtleQ=='; Message = '*has a fragment*' }
    ) {
        $failure = { Connect-AcsIdentity -ConnectionString $Text } | Should -Throw -ExpectedMessage $Message -ErrorId 'AcsInvalidConnection,AcsIdentity.Commands.ConnectAcsIdentityCommand' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $failure | Format-List * -Force | Out-String | Should -Not -BeLike '*c2VjcmV0*'
        $failure.Exception.ToString() | Should -Not -BeLike '*c2VjcmV0*'
        Get-AcsConnection | Should -BeNullOrEmpty
    }

    It 'refuses an access key as <Name> without showing it' -ForEach @(
        @{ Name = 'text'; Key = 'c2VjcmV0IGtleQ=='; Message = '*SecureString*' }
        @{ Name = 'a number'; Key = 4711; Message = '*SecureString*' }
        @{ Name = 'a SecureString that is not base64'; Key = ConvertTo-SecureString 'c2VjcmV0IGtleQ!' -AsPlainText -Force; Message = '*not base64*' }
    ) {
        $failure = { Connect-AcsIdentity -Endpoint https://r.communication.azure.com/ -AccessKey $Key } | Should -Throw -ExpectedMessage $Message -PassThru
        "$failure$($failure.Exception)" | Should -Not -BeLike '*c2VjcmV0*'
        "$failure$($failure.Exception)" | Should -Not -BeLike '*4711*'
    }

    It 'treats -<_>:$false like -Endpoint alone' -ForEach 'ManagedIdentity', 'Interactive', 'DeviceCode' {
        $alone = Connect-AcsIdentity -Endpoint https://r.communication.azure.com
        $off = @{ $_ = $false }
        $connection = Connect-AcsIdentity -Endpoint https://r.communication.azure.com @off
        $connection.Credential | Should -Be $alone.Credential
        $connection.Source | Should -Be '-Endpoint'
    }

    It 'ignores -Emulator:$false' {
        { Connect-AcsIdentity -Emulator:$false } | Should -Throw -ErrorId 'AcsNotConnected,*'
        $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $connectionString
        (Connect-AcsIdentity -Emulator:$false).Source | Should -BeLike 'environment variable*'
    }

    It 'refuses <Name> as -Endpoint, and names the parameter' -ForEach @(
        @{ Name = 'a string that is not an address'; Endpoint = 'nowhere'; Message = '-Endpoint: *not an address*' }
        @{ Name = 'http to another machine'; Endpoint = 'http://r.communication.azure.com'; Message = '-Endpoint: *Use https*' }
        @{ Name = 'an address with a path'; Endpoint = 'https://r.communication.azure.com/base'; Message = '-Endpoint: *has a path*' }
    ) {
        $secret = ConvertTo-SecureString 'c2VjcmV0IGtleQ==' -AsPlainText -Force
        $failure = { Connect-AcsIdentity -Endpoint $Endpoint -AccessKey $secret } | Should -Throw -ExpectedMessage $Message -PassThru
        $failure.FullyQualifiedErrorId | Should -Be 'AcsInvalidConnection,AcsIdentity.Commands.ConnectAcsIdentityCommand'
    }

    It 'refuses http to another machine from the environment too' {
        $env:COMMUNICATION_SERVICES_CONNECTION_STRING = 'endpoint=http://r.communication.azure.com/;accesskey=c2VjcmV0IGtleQ=='
        { New-AcsIdentity } | Should -Throw -ExpectedMessage '*COMMUNICATION_SERVICES_CONNECTION_STRING*Use https*' -ErrorId 'AcsInvalidConnection,*'
        { Connect-AcsIdentity } | Should -Throw -ErrorId 'AcsInvalidConnection,*'
    }

    It 'names the environment variable that has a broken connection string' {
        $env:COMMUNICATION_SERVICES_CONNECTION_STRING = 'endpoint=https://r.communication.azure.com/'
        { New-AcsIdentity } | Should -Throw -ExpectedMessage '*COMMUNICATION_SERVICES_CONNECTION_STRING*no accesskey*' -ErrorId 'AcsInvalidConnection,*'
        { Get-AcsConnection } | Should -Throw -ErrorId 'AcsInvalidConnection,*'
        { Connect-AcsIdentity } | Should -Throw -ErrorId 'AcsInvalidConnection,*'
    }

    It 'fails without parameters if no environment variable is set' {
        $failure = { Connect-AcsIdentity } | Should -Throw -ErrorId 'AcsNotConnected,*' -PassThru
        "$failure" | Should -BeLike '*COMMUNICATION_SERVICES_CONNECTION_STRING*'
    }
}

Describe 'The connection of a cmdlet' {
    AfterEach {
        Disconnect-AcsIdentity
        Disconnect-AcsIdentity *
        $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $env:AZURE_COMMUNICATION_CONNECTION_STRING = $null
    }

    It 'is required: without one, a terminating error says what to run, and no emulator starts' -ForEach @(
        @{ Run = { New-AcsIdentity } }
        @{ Run = { '8:acs:x' | Get-AcsToken -Scope chat } }
        @{ Run = { '8:acs:x' | Revoke-AcsToken } }
        @{ Run = { '8:acs:x' | Remove-AcsIdentity -Force } }
    ) {
        $failure = $Run | Should -Throw -ErrorId 'AcsNotConnected,*' -PassThru
        "$failure" | Should -BeLike '*Connect-AcsIdentity*'
        $failure.CategoryInfo.Category | Should -Be 'ConnectionError'
    }

    It 'comes from -Connection first, then from the session' {
        $right = Connect-AcsIdentity $connectionString
        [void](Connect-AcsIdentity "endpoint=$($emulator.Endpoint);accesskey=$wrongKey")
        New-AcsIdentity -Connection $right | Remove-AcsIdentity -Connection $right -Force
        { New-AcsIdentity -ErrorAction Stop } | Should -Throw -ErrorId 'AcsAuthenticationFailed,*'
    }

    It 'is given to -Connection as <Name>' -ForEach @(
        @{ Name = 'a connection string'; Value = { $connectionString } }
        @{ Name = 'a connection string as SecureString'; Value = { ConvertTo-SecureString $connectionString -AsPlainText -Force } }
        @{ Name = 'UseDevelopmentEmulator=true'; Value = { 'UseDevelopmentEmulator=true' } }
        @{ Name = 'the emulator'; Value = { $emulator } }
        @{ Name = 'a name'; Value = { (Connect-AcsIdentity $connectionString -Name side).Name.ToUpperInvariant() } }
    ) {
        New-AcsIdentity -Connection (& $Value) -OutVariable made | Remove-AcsIdentity -Connection (& $Value) -Force
        $made | Should -HaveCount 1
        Get-AcsConnection | Should -BeNullOrEmpty
    }

    It 'is refused as <Name>, and the error does not show the value' -ForEach @(
        @{ Name = 'a broken connection string'; Value = { "endpoint=$($emulator.Endpoint);accesskey=$key!" }; Message = '*not base64*' }
        @{ Name = 'a key alone'; Value = { $key }; Message = '*no endpoint*' }
        @{ Name = 'a text that looks like a name'; Value = { $key -replace '\W' }; Message = '*no connection of that name*Connect-AcsIdentity -Name*' }
        @{ Name = 'an empty text'; Value = { '' }; Message = '*is empty*' }
        @{ Name = 'null'; Value = { $null }; Message = '*A connection is needed*' }
        @{ Name = 'a number'; Value = { 5 }; Message = '*A connection is needed*' }
        @{ Name = 'an object from another process'; Message = '*another process*Run Connect-AcsIdentity in this process*'; Value = {
                $serializer = [Management.Automation.PSSerializer]
                $serializer::Deserialize($serializer::Serialize((Connect-AcsIdentity $connectionString -Name side)))
            }
        }
    ) {
        $failure = { New-AcsIdentity -Connection (& $Value) } | Should -Throw -ExpectedMessage $Message -PassThru
        "$failure" | Should -Not -BeLike "*$($key.Substring(0, 20))*"
    }

    It 'comes from the session first, then from the environment' {
        [void](Connect-AcsIdentity $connectionString)
        $env:COMMUNICATION_SERVICES_CONNECTION_STRING = 'broken'
        New-AcsIdentity | Remove-AcsIdentity -Force
    }

    It 'comes from COMMUNICATION_SERVICES_CONNECTION_STRING first, then from AZURE_COMMUNICATION_CONNECTION_STRING' {
        $env:AZURE_COMMUNICATION_CONNECTION_STRING = $connectionString
        (Get-AcsConnection).Source | Should -BeLike '*AZURE_COMMUNICATION_CONNECTION_STRING'
        New-AcsIdentity | Remove-AcsIdentity -Force
        $env:COMMUNICATION_SERVICES_CONNECTION_STRING = "endpoint=$($emulator.Endpoint);accesskey=$wrongKey"
        { New-AcsIdentity -ErrorAction Stop } | Should -Throw -ErrorId 'AcsAuthenticationFailed,*'
    }

    It 'is the emulator of this process if the environment says UseDevelopmentEmulator=true' {
        $env:COMMUNICATION_SERVICES_CONNECTION_STRING = 'UseDevelopmentEmulator=true'
        New-AcsIdentity | Remove-AcsIdentity -Force
        (Get-AcsConnection).Endpoint | Should -Be $emulator.Endpoint
    }

    It 'belongs to one runspace' {
        [void](Connect-AcsIdentity $connectionString)
        $other = [powershell]::Create()
        try {
            [void]$other.AddScript({ Import-Module $args[0]; @(Get-AcsConnection).Count }).AddArgument($env:ACSIDENTITY_MODULE_PATH)
            $other.Invoke() | Should -Be 0
        }
        finally {
            $other.Dispose()
        }
        Get-AcsConnection | Should -Not -BeNullOrEmpty
    }

    It 'can be passed to parallel runspaces' {
        if ($PSEdition -eq 'Desktop') { Set-ItResult -Skipped -Because 'Windows PowerShell has no ForEach-Object -Parallel' }
        $connection = Connect-AcsIdentity $connectionString
        $module = $env:ACSIDENTITY_MODULE_PATH
        $ids = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:module
            (New-AcsIdentity -Connection $using:connection).Id
        }
        $ids | Sort-Object -Unique | Should -HaveCount 4
        $ids | Remove-AcsIdentity -Force
    }
}

Describe 'A connection with a name' {
    BeforeEach {
        [void](Connect-AcsIdentity -Emulator)
        $test = Connect-AcsIdentity $connectionString -Name test
        [void](Connect-AcsIdentity "endpoint=$($emulator.Endpoint);accesskey=$wrongKey" -Name live)
    }
    AfterEach {
        Disconnect-AcsIdentity
        Disconnect-AcsIdentity -Name *
    }

    It 'does not replace the connection of the session' {
        (Get-AcsConnection).Source | Should -Be '-Emulator'
        (Get-AcsConnection).Name | Should -BeNullOrEmpty
    }

    It 'is found by its name or by wildcards' {
        Get-AcsConnection TEST | Should -Be $test
        (Get-AcsConnection *).Name | Should -Be 'live', 'test'
        Get-AcsConnection x* | Should -BeNullOrEmpty
        { Get-AcsConnection nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'AcsNotConnected,*' -ExpectedMessage '*live, test*'
    }

    It 'shows its name, and one without a name shows none' {
        $test | Out-String -Width 80 | Should -Match '^\s*Name +: test\r?\nEndpoint +:'
        Get-AcsConnection | Out-String -Width 80 | Should -Match '^\s*Endpoint +:'
    }

    It 'chooses its own credential' {
        { New-AcsIdentity -Connection live -ErrorAction Stop } | Should -Throw -ErrorId 'AcsAuthenticationFailed,*'
    }

    It 'replaces the one of the same name' {
        [void](Connect-AcsIdentity -Emulator -Name LIVE)
        (Get-AcsConnection *).Name | Should -Be 'LIVE', 'test'
        New-AcsIdentity -Connection live | Remove-AcsIdentity -Force
    }

    It 'is removed by its name only' {
        Disconnect-AcsIdentity
        Disconnect-AcsIdentity live
        (Get-AcsConnection *).Name | Should -Be 'test'
        { Disconnect-AcsIdentity live -ErrorAction Stop } | Should -Throw -ErrorId 'AcsNotConnected,*'
    }

    It 'completes' {
        (TabExpansion2 'New-AcsIdentity -Connection t').CompletionMatches.CompletionText | Should -Be 'test'
        (TabExpansion2 'Get-AcsConnection ').CompletionMatches.CompletionText | Should -Be 'live', 'test'
    }

    It 'has no connection string as its name, and the error does not show it' {
        $failure = { Connect-AcsIdentity -Emulator -Name $connectionString } | Should -Throw -ExpectedMessage '*A name has*' -PassThru
        "$failure" | Should -Not -BeLike "*$key*"
    }
}

Describe 'A connection that does not work' {
    AfterEach {
        Disconnect-AcsIdentity
    }

    It 'with a wrong key gives one authentication error that names the endpoint and does not show the key' {
        [void](Connect-AcsIdentity "endpoint=$($emulator.Endpoint);accesskey=$wrongKey")
        New-AcsIdentity -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -HaveCount 1
        $failures[0].CategoryInfo.Category | Should -Be 'AuthenticationError'
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsAuthenticationFailed,AcsIdentity.Commands.NewAcsIdentityCommand'
        "$($failures[0])" | Should -BeLike "$($emulator.Endpoint)*Denied*"
        "$($failures[0])$($failures[0].Exception.ToString())" | Should -Not -BeLike "*$wrongKey*"
    }

    It 'to a closed port gives a connection error' {
        [void](Connect-AcsIdentity "endpoint=http://127.0.0.1:1/;accesskey=$wrongKey")
        New-AcsIdentity -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -HaveCount 1
        $failures[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsConnectionFailed,AcsIdentity.Commands.NewAcsIdentityCommand'
        "$($failures[0])" | Should -BeLike '*http://127.0.0.1:1/*refused*'
    }
}

Describe 'Ctrl+C' {
    It 'cancels the request in flight' {
        # Accepts connections and never answers.
        $silent = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $silent.Start()
        $shell = [powershell]::Create()
        try {
            [void]$shell.AddScript({
                    Import-Module $args[0]
                    [void](Connect-AcsIdentity "endpoint=http://127.0.0.1:$($args[1])/;accesskey=$($args[2])")
                    New-AcsIdentity
                }).AddArgument($env:ACSIDENTITY_MODULE_PATH).AddArgument($silent.LocalEndpoint.Port).AddArgument($wrongKey)
            $running = $shell.BeginInvoke()
            $request = $silent.AcceptTcpClient()
            [void]$request.GetStream().ReadByte()
            # Stop returns when the pipeline has ended. Without cancellation that would take 30 s, the request's time limit.
            $stopping = $shell.BeginStop($null, $null)
            $stopping.AsyncWaitHandle.WaitOne([timespan]::FromSeconds(10)) | Should -BeTrue
            { $shell.EndInvoke($running) } | Should -Throw
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            $shell.Streams.Error | Should -BeNullOrEmpty
        }
        finally {
            $shell.Dispose()
            $silent.Stop()
        }
    }
}
