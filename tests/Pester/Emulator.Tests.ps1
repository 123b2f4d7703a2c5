# Start-AcsEmulator, Stop-AcsEmulator, Get-AcsEmulator, Reset-AcsEmulator.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    Add-Type -AssemblyName System.Net.Http
    $client = [Net.Http.HttpClient]::new()

    # Sends one signed request, without retries. Invoke-WebRequest of Windows PowerShell does not return an answer of an error.
    function Send-Request($Emulator, [string] $Method, [string] $Path) {
        $target = "${Path}?api-version=2023-10-01"
        $date = [DateTimeOffset]::UtcNow.ToString('r')
        $hash = [Convert]::ToBase64String([Security.Cryptography.SHA256]::Create().ComputeHash([byte[]]::new(0)))
        $key = [Convert]::FromBase64String(($Emulator.GetConnectionString() -replace '^.*accesskey='))
        $toSign = [Text.Encoding]::ASCII.GetBytes("$Method`n$target`n$date;$($Emulator.Endpoint.Authority);$hash")
        $signature = [Convert]::ToBase64String([Security.Cryptography.HMACSHA256]::new($key).ComputeHash($toSign))
        $request = [Net.Http.HttpRequestMessage]::new($Method, [uri]::new($Emulator.Endpoint, $target))
        $request.Headers.Add('x-ms-date', $date)
        $request.Headers.Add('x-ms-content-sha256', $hash)
        [void]$request.Headers.TryAddWithoutValidation('Authorization', "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=$signature")
        $answer = $client.SendAsync($request).GetAwaiter().GetResult()
        $headers = @{}
        $answer.Headers | ForEach-Object { $headers[$_.Key] = $_.Value }
        [pscustomobject]@{ StatusCode = [int]$answer.StatusCode; Headers = $headers }
    }
}

Describe 'The emulator' {
    AfterEach {
        Disconnect-AcsIdentity
        Stop-AcsEmulator
    }

    It 'runs from Start-AcsEmulator to Stop-AcsEmulator' {
        Get-AcsEmulator | Should -BeNullOrEmpty
        $emulator = Start-AcsEmulator
        $emulator | Should -BeOfType AcsIdentity.Models.AcsEmulator
        $emulator.IsRunning | Should -BeTrue
        Get-AcsEmulator | Should -Be $emulator
        (Invoke-WebRequest $emulator.Endpoint).Content | Should -BeLike '*<h1>Communication Services emulator</h1>*'
        Stop-AcsEmulator
        $emulator.IsRunning | Should -BeFalse
        Get-AcsEmulator | Should -BeNullOrEmpty
        $failure = { Invoke-WebRequest $emulator.Endpoint } | Should -Throw -PassThru
        $failure.Exception.Response | Should -BeNullOrEmpty -Because 'nothing answers'
    }

    It 'starts once per process: a second start returns the same emulator' {
        $emulator = Start-AcsEmulator
        Start-AcsEmulator | Should -Be $emulator
        Start-AcsEmulator -Port $emulator.Endpoint.Port | Should -Be $emulator
        (Connect-AcsIdentity -Emulator).Endpoint | Should -Be $emulator.Endpoint
    }

    It 'listens on the requested port, and refuses another port while it runs' {
        $port = (Start-AcsEmulator).Endpoint.Port
        Stop-AcsEmulator
        (Start-AcsEmulator -Port $port).Endpoint.Port | Should -Be $port
        { Start-AcsEmulator -Port ($port - 1) } | Should -Throw -ErrorId 'AcsEmulatorRunning,*'
    }

    It 'reports a port that is in use' {
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

    It 'is started by Connect-AcsIdentity -Emulator, and loses its identities when it stops' {
        [void](Connect-AcsIdentity -Emulator)
        $identity = New-AcsIdentity
        (Get-AcsEmulator).IdentityCount | Should -Be 1
        Stop-AcsEmulator
        [void](Connect-AcsIdentity -Emulator)
        (Get-AcsEmulator).IdentityCount | Should -Be 0
        { $identity | Revoke-AcsToken -ErrorAction Stop } | Should -Throw -ErrorId 'AcsIdentityNotFound,*'
    }

    It 'is found by a connection from the environment after a restart' {
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
        if ($PSEdition -eq 'Desktop') { Set-ItResult -Skipped -Because 'Windows PowerShell has no ForEach-Object -Parallel' }
        $emulator = Start-AcsEmulator
        $module = $env:ACSIDENTITY_MODULE_PATH
        1..3 | ForEach-Object -Parallel {
            Import-Module $using:module
            [void](Connect-AcsIdentity -Emulator)
            [void](New-AcsIdentity)
        }
        $emulator.IdentityCount | Should -Be 3
    }

    It 'writes its connection string for -ConnectionString, and nothing if none runs' {
        Get-AcsEmulator -ConnectionString | Should -BeNullOrEmpty
        $emulator = Start-AcsEmulator
        Get-AcsEmulator -ConnectionString | Should -BeExactly $emulator.GetConnectionString()
        Get-AcsEmulator -ConnectionString:$false | Should -Be $emulator
        $env:COMMUNICATION_SERVICES_CONNECTION_STRING = Get-AcsEmulator -ConnectionString
        try {
            New-AcsIdentity -ErrorAction Stop | Should -Not -BeNullOrEmpty
        }
        finally {
            $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $null
        }
    }

    It 'is reset and gives its connection string in ConstrainedLanguage' {
        $shell = [powershell]::Create([System.Management.Automation.RunspaceMode]::NewRunspace)
        try {
            [void]$shell.AddCommand('Import-Module').AddArgument($env:ACSIDENTITY_MODULE_PATH).Invoke()
            $shell.Commands.Clear()
            [void](Start-AcsEmulator)
            $shell.Runspace.SessionStateProxy.LanguageMode = 'ConstrainedLanguage'
            $script = 'Connect-AcsIdentity (Get-AcsEmulator -ConnectionString); New-AcsIdentity -Tag ann; Reset-AcsEmulator; (Get-AcsEmulator).IdentityCount'
            $output = $shell.AddScript($script).Invoke()
            $shell.Streams.Error | Should -BeNullOrEmpty
            $output[1].Tag, $output[2] | Should -Be 'ann', 0
            $shell.Commands.Clear()
            [void]$shell.AddScript('(Get-AcsEmulator).GetConnectionString()').Invoke()
            $shell.Streams.Error.FullyQualifiedErrorId | Should -Be 'MethodInvocationNotSupportedInConstrainedLanguage'
        }
        finally {
            $shell.Dispose()
        }
    }

    It 'refuses an invalid port' {
        { Start-AcsEmulator -Port 65536 } | Should -Throw
        { Start-AcsEmulator -Port -1 } | Should -Throw
        Get-AcsEmulator | Should -BeNullOrEmpty
    }

    It 'can be <Verb> without an error if it does not run' -ForEach @(
        @{ Verb = 'stopped'; Command = 'Stop-AcsEmulator' }
        @{ Verb = 'reset'; Command = 'Reset-AcsEmulator' }
    ) {
        & $Command -Verbose -ErrorAction Stop 4>&1 | Should -Be 'No emulator runs in this process.'
    }
}

Describe 'Start-AcsEmulator' {
    AfterEach {
        Disconnect-AcsIdentity
        Stop-AcsEmulator
    }

    It 'takes an access key' {
        $key = [Convert]::ToBase64String([byte[]](1..64))
        $emulator = Start-AcsEmulator -AccessKey (ConvertTo-SecureString $key -AsPlainText -Force)
        $emulator.GetConnectionString() | Should -Be "endpoint=$($emulator.Endpoint);accesskey=$key"
        [void](Connect-AcsIdentity $emulator.GetConnectionString())
        New-AcsIdentity -ErrorAction Stop | Should -Not -BeNullOrEmpty
    }

    It 'sets the quota of -<Name>' -ForEach @(
        @{ Name = 'CreateQuota'; Method = 'POST'; Path = '/identities' }
        @{ Name = 'IssueQuota'; Method = 'POST'; Path = '/identities/8:acs:x/:issueAccessToken' }
        @{ Name = 'RevokeQuota'; Method = 'POST'; Path = '/identities/8:acs:x/:revokeAccessTokens' }
        @{ Name = 'DeleteQuota'; Method = 'DELETE'; Path = '/identities/8:acs:x' }
        @{ Name = 'ExchangeQuota'; Method = 'POST'; Path = '/teamsUser/:exchangeAccessToken' }
    ) {
        $quota = @{ $Name = 2 }
        $emulator = Start-AcsEmulator @quota -QuotaWindow 01:00:00
        $answers = 1..3 | ForEach-Object { Send-Request $emulator $Method $Path }
        $answers[0..1].StatusCode | Should -Not -Contain 429
        $answers[2].StatusCode | Should -Be 429
        # The window of the documented quota is 30 s.
        [int]"$($answers[2].Headers.'Retry-After')" | Should -BeGreaterThan 30
        # The other quotas are the documented ones.
        $others = 'Creates', 'Issues', 'Revokes', 'Deletes', 'Exchanges' | Where-Object { $Name -notlike "$($_.TrimEnd('s'))*" }
        $others | Should -HaveCount 4
        $others | ForEach-Object { $emulator.Throttle.$_ } | Should -BeIn 500, 1000
    }

    It 'sends no Retry-After with -NoRetryAfter' {
        $emulator = Start-AcsEmulator -CreateQuota 1 -NoRetryAfter
        $refused = 1..2 | ForEach-Object { Send-Request $emulator POST /identities } | Select-Object -Last 1
        $refused.StatusCode | Should -Be 429
        $refused.Headers.Keys | Should -Not -Contain 'Retry-After'
    }

    It 'sets the documented quota with -Throttle' {
        $throttle = (Start-AcsEmulator -Throttle).Throttle
        $throttle.Creates, $throttle.Issues, $throttle.Revokes, $throttle.Deletes, $throttle.Exchanges | Should -Be 1000, 1000, 500, 500, 500
        $throttle.Window | Should -Be ([timespan]'00:00:30')
        $throttle.SendsRetryAfter | Should -BeTrue
    }

    It 'sets no quota with <Name>' -ForEach @(
        @{ Name = 'no parameter'; With = @{} }
        @{ Name = '-Throttle:$false'; With = @{ Throttle = $false } }
        @{ Name = '-Throttle:$false and -CreateQuota'; With = @{ Throttle = $false; CreateQuota = 1 } }
    ) {
        (Start-AcsEmulator @With).Throttle | Should -BeNullOrEmpty
    }

    It 'delays answers with <Name>' -ForEach @(
        @{ Name = '-Latency'; With = @{ Latency = '00:00:00.002' }; Shortest = '00:00:00.002'; Longest = '00:00:00.002' }
        @{ Name = '-MaximumLatency'; With = @{ MaximumLatency = '00:00:00.003' }; Shortest = '00:00:00'; Longest = '00:00:00.003' }
        @{ Name = '-Latency 2ms'; With = @{ Latency = '2ms' }; Shortest = '00:00:00.002'; Longest = '00:00:00.002' }
        @{ Name = 'both'; With = @{ Latency = '00:00:00.002'; MaximumLatency = [timespan]'00:00:00.003' }; Shortest = '00:00:00.002'; Longest = '00:00:00.003' }
    ) {
        $emulator = Start-AcsEmulator @With
        $emulator.Latency.Shortest | Should -Be ([timespan]$Shortest)
        $emulator.Latency.Longest | Should -Be ([timespan]$Longest)
        [void](Connect-AcsIdentity -Emulator)
        New-AcsIdentity -ErrorAction Stop | Should -Not -BeNullOrEmpty
    }

    It 'takes a latency in seconds as it is typed' {
        # PowerShell reads 2s as a number.
        (Start-AcsEmulator -Latency 2s -QuotaWindow 0.5s).Latency.Shortest | Should -Be ([timespan]'00:00:02')
        (Get-AcsEmulator).Throttle.Window | Should -Be ([timespan]'00:00:00.5')
    }

    It 'refuses <Name>, and starts no emulator' -ForEach @(
        @{ Name = 'a key that is not base64'; With = @{ AccessKey = ConvertTo-SecureString 'a!' -AsPlainText -Force }; ErrorId = 'AcsInvalidConnection,*'; Message = '-AccessKey: *base64*' }
        @{ Name = 'a key as a string'; With = @{ AccessKey = 'c2VjcmV0IGtleQ==' }; ErrorId = 'ParameterArgumentTransformationError,*'; Message = '*SecureString*' }
        @{ Name = 'a quota of 0'; With = @{ CreateQuota = 0 }; ErrorId = 'ParameterArgumentValidationError,*'; Message = "*'CreateQuota'*" }
        @{ Name = 'a window of 0'; With = @{ QuotaWindow = [timespan]::Zero }; ErrorId = 'ParameterArgumentTransformationError,*'; Message = "*'QuotaWindow'*longer than 0*" }
        @{ Name = 'a negative latency'; With = @{ Latency = '-00:00:01' }; ErrorId = 'ParameterArgumentTransformationError,*'; Message = "*'Latency'*longer than 0*" }
        @{ Name = 'a latency without unit'; With = @{ Latency = 5 }; ErrorId = 'ParameterArgumentTransformationError,*'; Message = "*'Latency'*5 has no unit*d, h, m, s and ms*" }
        @{ Name = 'a latency without unit, as text'; With = @{ Latency = '1' }; ErrorId = 'ParameterArgumentTransformationError,*'; Message = "*'Latency'*1 has no unit*d, h, m, s and ms*" }
        @{ Name = 'a latency that is no time'; With = @{ Latency = 'long' }; ErrorId = 'ParameterArgumentTransformationError,*'; Message = "*'Latency'*500ms*" }
        @{ Name = 'a latency of days'; With = @{ Latency = '1.00:00:01' }; ErrorId = 'ParameterArgumentTransformationError,*'; Message = "*'Latency'*at most 1 day*" }
        @{ Name = 'a maximum below the latency'; With = @{ Latency = '00:00:02'; MaximumLatency = '00:00:01' }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = '-MaximumLatency: *shorter than -Latency*' }
        @{ Name = 'a string as a fault'; With = @{ Fault = 'drop' }; ErrorId = 'CannotConvertArgumentNoMessage,*'; Message = "*'Fault'*" }
        @{ Name = '$null as a fault'; With = @{ Fault = @($null) }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = '-Fault: Fault 1: *hashtable*' }
        @{ Name = 'a fault with an unknown key'; With = @{ Fault = @{ Kinds = 'Drop'; Next = 1 } }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = "*'Kinds'*Kind, Operation, Status, RetryAfter, Delay, Next, Every, Probability, Seed*" }
        @{ Name = 'a fault of an unknown kind'; With = @{ Fault = @{ Kind = 'Explode'; Next = 1 } }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = "*Status, Late, Drop, LoseAnswer, CutAnswer, TruncatedBody, MalformedBody*'Explode'*" }
        @{ Name = 'a fault of two kinds'; With = @{ Fault = @{ Kind = 'Late, Drop'; Next = 1 } }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = "*Status, Late, Drop*'Late, Drop'*" }
        @{ Name = 'a fault with two operations'; With = @{ Fault = @{ Kind = 'Drop'; Operation = 'Create', 'Issue'; Next = 1 } }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = '*Create, Get, Issue*' }
        @{ Name = 'a fault without a kind'; With = @{ Fault = @{ Next = 1 } }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = '*Kind is missing*LoseAnswer*' }
        @{ Name = 'a fault with an unknown operation'; With = @{ Fault = @{ Kind = 'Drop'; Operation = 'List'; Next = 1 } }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = "*Create, Get, Issue, Revoke, Delete, Exchange*'List'*" }
        @{ Name = 'a fault whose Every is not a number'; With = @{ Fault = @{ Kind = 'Drop'; Every = 'third' } }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = "*Every*whole number*'third'*" }
        @{ Name = 'a fault whose Probability is not a number'; With = @{ Fault = @{ Kind = 'Drop'; Probability = 'often' } }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = "*Probability must be a number*'often'*" }
        @{ Name = 'a fault with a delay without unit'; With = @{ Fault = @{ Kind = 'Late'; Delay = 5; Next = 1 } }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = '*Delay: 5 has no unit*d, h, m, s and ms*' }
        @{ Name = 'a fault with a delay of days'; With = @{ Fault = @{ Kind = 'Late'; Delay = '2d'; Next = 1 } }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = '*Delay: *at most 1 day*' }
        @{ Name = 'a second fault with both Next and Every'; With = @{ Fault = @{ Kind = 'Drop'; Next = 1 }, @{ Kind = 'Drop'; Next = 1; Every = 2 } }; ErrorId = 'AcsInvalidEmulatorOption,*'; Message = '-Fault: Fault 2: Exactly one of next, every and probability*' }
    ) {
        $failure = { Start-AcsEmulator @With } | Should -Throw -ExpectedMessage $Message -ErrorId $ErrorId -PassThru
        $failure.CategoryInfo.Category | Should -BeIn 'InvalidArgument', 'InvalidData'
        Get-AcsEmulator | Should -BeNullOrEmpty
    }

    It 'refuses another <Name> while the emulator runs' -ForEach @(
        @{ Name = 'access key'; With = @{ AccessKey = ConvertTo-SecureString 'b3RoZXI=' -AsPlainText -Force } }
        @{ Name = 'quota'; With = @{ CreateQuota = 6 } }
        @{ Name = 'latency'; With = @{ Latency = '00:00:00.002' } }
    ) {
        $emulator = Start-AcsEmulator -CreateQuota 5 -Latency 00:00:00.001
        $failure = { Start-AcsEmulator @With -Fault @{ Kind = 'Drop'; Every = 1 } } | Should -Throw -ErrorId 'AcsEmulatorRunning,*' -PassThru
        "$failure" | Should -BeLike "*$($emulator.Endpoint)*another $Name*Stop-AcsEmulator*"
        (Invoke-RestMethod "$($emulator.Endpoint)emulator/faults").faults | Should -BeNullOrEmpty
        Start-AcsEmulator | Should -Be $emulator
        Start-AcsEmulator -CreateQuota 5 -Latency 00:00:00.001 | Should -Be $emulator
    }
}

Describe 'The used quota' {
    BeforeEach {
        # The client waits for the quota longer than a test has.
        $create = { New-AcsIdentity -TimeoutSec 5 -ErrorAction Stop }
        $port = (Start-AcsEmulator -CreateQuota 1 -QuotaWindow 1h).Endpoint.Port
        [void](Connect-AcsIdentity -Emulator)
        & $create | Should -Not -BeNullOrEmpty
        $create | Should -Throw -ErrorId 'AcsThrottled,*'
    }

    AfterEach {
        Disconnect-AcsIdentity
        Stop-AcsEmulator
    }

    It 'stays after a new connection, because the service counts on, and nothing is sent' {
        [void](Connect-AcsIdentity -Emulator)
        $sent = (Get-AcsEmulator).RequestCount
        $failure = $create | Should -Throw -ErrorId 'AcsThrottled,*' -PassThru
        $failure.Exception.RequestId, $failure.Exception.SentAt | Should -Be $null, $null
        "$failure" | Should -Not -BeLike '*request id*'
        (Get-AcsEmulator).RequestCount | Should -Be $sent
    }

    It 'is forgotten after <Name>, in the emulator and in the cmdlets' -ForEach @(
        @{ Name = 'Reset()'; Reset = { (Get-AcsEmulator).Reset() } }
        @{ Name = 'Reset-AcsEmulator'; Reset = { Reset-AcsEmulator } }
        @{ Name = 'a reset by the control API'; Reset = { Invoke-RestMethod "$((Get-AcsEmulator).Endpoint)emulator/reset" -Method Post -ContentType application/json -Body '{}' } }
    ) {
        & $Reset
        & $create | Should -Not -BeNullOrEmpty
        $create | Should -Throw -ErrorId 'AcsThrottled,*' -Because 'the quota itself stays'
    }

    It 'is forgotten when another emulator takes the port' {
        Stop-AcsEmulator
        [void](Start-AcsEmulator -Port $port -CreateQuota 1 -QuotaWindow 1h)
        [void](Connect-AcsIdentity -Emulator)
        & $create | Should -Not -BeNullOrEmpty
    }
}

Describe 'A fault' {
    BeforeEach {
        $emulator = Start-AcsEmulator
        [void](Connect-AcsIdentity -Emulator)
    }

    AfterEach {
        Disconnect-AcsIdentity
        Stop-AcsEmulator
    }

    It 'of the kind <Kind> hits a create' -ForEach @(
        @{ Kind = 'Status'; With = @{ Status = 503 }; ErrorId = 'AcsCreateOutcomeUnknown'; Created = 0 }
        @{ Kind = 'Late'; With = @{ Delay = '00:00:00.001' }; ErrorId = $null; Created = 1 }
        @{ Kind = 'Drop'; With = @{}; ErrorId = 'AcsCreateOutcomeUnknown'; Created = 0 }
        @{ Kind = 'LoseAnswer'; With = @{}; ErrorId = 'AcsCreateOutcomeUnknown'; Created = 1 }
        @{ Kind = 'CutAnswer'; With = @{}; ErrorId = 'AcsCreateOutcomeUnknown'; Created = 1 }
        @{ Kind = 'TruncatedBody'; With = @{}; ErrorId = 'AcsCreateOutcomeUnknown'; Created = 1 }
        @{ Kind = 'MalformedBody'; With = @{}; ErrorId = 'AcsCreateOutcomeUnknown'; Created = 1 }
    ) {
        Start-AcsEmulator -Fault (@{ Kind = $Kind; Operation = 'Create'; Next = 1 } + $With) | Should -Be $emulator
        [void](New-AcsIdentity -ErrorAction SilentlyContinue -ErrorVariable failures)
        $failures | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] } | Should -Be $ErrorId
        $emulator.IdentityCount | Should -Be $Created
        $emulator.RequestCount | Should -Be 1
        $set = (Invoke-RestMethod "$($emulator.Endpoint)emulator/faults").faults
        $set.kind, $set.operation, $set.hits | Should -Be $Kind, 'Create', 1
        New-AcsIdentity -ErrorAction Stop | Should -Not -BeNullOrEmpty
    }

    It 'of status 429 hits each n-th call, can send Retry-After: 0, and is retried' {
        [void](Start-AcsEmulator -Fault @{ kind = 'status'; status = 429; retryAfter = 0; every = 2 })
        New-AcsIdentity -Count 3 -ErrorAction Stop | Should -HaveCount 3
        $emulator.RequestCount | Should -Be 5
        (Send-Request $emulator POST /identities).Headers.'Retry-After' | Should -Be '0'
    }

    It 'with a probability hits the same calls if the seed is the same' {
        $runs = foreach ($seed in 1, 1, 2) {
            [void](Start-AcsEmulator -Fault ([ordered]@{ Kind = 'Status'; Status = 500; Probability = 0.5; Seed = $seed }))
            (1..32 | ForEach-Object { (Send-Request $emulator POST /identities).StatusCode }) -join ' '
        }
        $runs[0] | Should -Match '500'
        $runs[0] | Should -Match '201'
        $runs[1] | Should -Be $runs[0]
        $runs[2] | Should -Not -Be $runs[0]
    }

    It 'hits the first call if -Fault is given at the start' {
        Stop-AcsEmulator
        $emulator = Start-AcsEmulator -Fault @{ Kind = 'Status'; Status = 503; Next = 1 }
        (Send-Request $emulator POST /identities).StatusCode | Should -Be 503
    }

    It 'replaces the current faults, stays without -Fault, and is removed with an empty list' {
        [void](Start-AcsEmulator -Fault @{ Kind = 'Drop'; Every = 1 }, @{ Kind = 'LoseAnswer'; Every = 2 })
        $current = { (Invoke-RestMethod "$($emulator.Endpoint)emulator/faults").faults.kind }
        & $current | Should -Be 'Drop', 'LoseAnswer'
        [void](Start-AcsEmulator)
        & $current | Should -Be 'Drop', 'LoseAnswer'
        { Start-AcsEmulator -Fault @{ Kind = 'Late'; Next = 1 } } | Should -Throw -ErrorId 'AcsInvalidEmulatorOption,*'
        & $current | Should -Be 'Drop', 'LoseAnswer'
        [void](Start-AcsEmulator -Fault @{ Kind = 'CutAnswer'; Every = 1 })
        & $current | Should -Be 'CutAnswer'
        [void](Start-AcsEmulator -Fault @())
        & $current | Should -BeNullOrEmpty
    }

    It 'is completed on tab: a whole fault of each kind that begins like the word, with a tooltip' {
        $complete = { [System.Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null).CompletionMatches }
        $offers = & $complete 'Start-AcsEmulator -Fault '
        $offers.CompletionText -replace ".*Kind = '(\w+)'.*", '$1' | Should -Be Status, Late, Drop, LoseAnswer, CutAnswer, TruncatedBody, MalformedBody
        $offers.ToolTip | Sort-Object -Unique | Should -HaveCount 7
        (& $complete 'Start-AcsEmulator -Fault lo').CompletionText | Should -BeExactly "@{ Kind = 'LoseAnswer'; Operation = 'Create'; Next = 1 }"
        foreach ($offer in $offers.CompletionText) {
            [void](& ([scriptblock]::Create("Start-AcsEmulator -Fault $offer")))
            (Invoke-RestMethod "$($emulator.Endpoint)emulator/faults").faults | Should -HaveCount 1
        }
    }

    It 'is removed by Reset-AcsEmulator, like identities and counts, but not with -WhatIf' {
        New-AcsIdentity | Should -Not -BeNullOrEmpty
        [void](Start-AcsEmulator -Fault @{ Kind = 'Drop'; Every = 1 })
        Reset-AcsEmulator -WhatIf
        $emulator.IdentityCount, $emulator.RequestCount | Should -Be 1, 1
        (Invoke-RestMethod "$($emulator.Endpoint)emulator/faults").faults | Should -HaveCount 1
        Reset-AcsEmulator | Should -BeNullOrEmpty
        $emulator.IdentityCount, $emulator.RequestCount | Should -Be 0, 0
        New-AcsIdentity -ErrorAction Stop | Should -Not -BeNullOrEmpty
    }
}
