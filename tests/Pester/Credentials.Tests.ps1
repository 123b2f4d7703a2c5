# Connect-AcsIdentity with credentials of Entra ID and with -Validate, against the emulator program over HTTPS. The cmdlets
# run in new PowerShell processes: .NET reads the trusted certificates when it starts, and MSAL keeps the endpoint and the
# token of a managed identity until the process ends.
BeforeDiscovery {
    $badInput = @(
        @{ Name = 'an http endpoint'; Connect = 'Connect-AcsIdentity -Endpoint http://localhost:1/ -ManagedIdentity'; Message = '-Endpoint: *https only*' }
        @{ Name = 'a relative authority'; Connect = 'Connect-AcsIdentity @principal -Credential $credential -AuthorityHost login'; Message = '-AuthorityHost: *' }
        @{ Name = 'an http authority'; Connect = 'Connect-AcsIdentity @principal -Credential $credential -AuthorityHost http://localhost:1/'; Message = '-AuthorityHost: *' }
        @{ Name = 'a missing certificate file'; Connect = 'Connect-AcsIdentity @principal -ClientId $ClientId -CertificatePath "$Folder/missing.pfx"'; Message = '-CertificatePath: *no file*missing.pfx*' }
        @{ Name = 'a certificate without its key (PEM)'; Connect = 'Connect-AcsIdentity @principal -ClientId $ClientId -CertificatePath "$Folder/public.pem"'; Message = '-CertificatePath: *public.pem*' }
        @{ Name = 'a certificate without its key (PFX)'; Connect = 'Connect-AcsIdentity @principal -ClientId $ClientId -CertificatePath "$Folder/public.pfx"'; Message = '-CertificatePath: *without its private key*' }
        @{ Name = 'a wrong PFX password'; Connect = 'Connect-AcsIdentity @principal -ClientId $ClientId -CertificatePath "$Folder/client.pfx" -CertificatePassword (ConvertTo-SecureString wrong-passphrase -AsPlainText)'; Message = '-CertificatePath: *client.pfx cannot be read*' }
        @{ Name = 'an unknown thumbprint'; Connect = 'Connect-AcsIdentity @principal -ClientId $ClientId -CertificateThumbprint ("0" * 40)'; Message = '-CertificateThumbprint: *' }
        @{ Name = 'a malformed thumbprint'; Connect = 'Connect-AcsIdentity @principal -ClientId $ClientId -CertificateThumbprint wrong'; Message = '-CertificateThumbprint: *40 hexadecimal digits*' }
        @{ Name = 'a malformed tenant'; Connect = 'Connect-AcsIdentity -Endpoint $Endpoint -TenantId "contoso com" -Credential $credential'; Message = '-TenantId: *GUID*domain*' }
        @{ Name = 'a token that is not a JWT'; Connect = 'Connect-AcsIdentity -Endpoint $Endpoint -AccessToken (ConvertTo-SecureString wrong-token -AsPlainText)'; Message = '-AccessToken: *three parts*' }
        @{ Name = 'a token without an expiry time'; Connect = 'Connect-AcsIdentity -Endpoint $Endpoint -AccessToken (ConvertTo-Token "{}")'; Message = '-AccessToken: *does not say when it expires*' }
        @{ Name = 'an expired token'; Connect = 'Connect-AcsIdentity -Endpoint $Endpoint -AccessToken (ConvertTo-Token "{`"exp`":1700000000}")'; Message = '-AccessToken: *has expired*2023-11-14*' }
        @{ Name = 'a token for another audience'; Connect = 'Connect-AcsIdentity -Endpoint $Endpoint -AccessToken (ConvertTo-Token "{`"exp`":4102444800,`"aud`":`"https://management.azure.com/`"}")'; Message = '-AccessToken: *is for https://management.azure.com/. Get one for the resource https://communication.azure.com/*' }
        @{ Name = 'a token as a string'; Connect = 'Connect-AcsIdentity -Endpoint $Endpoint -AccessToken wrong-token'; ErrorId = 'ParameterArgumentTransformationError'; Message = '*SecureString*' }
        @{ Name = 'an empty tenant'; Connect = 'Connect-AcsIdentity -Endpoint $Endpoint -TenantId "" -Credential $credential'; ErrorId = 'ParameterArgumentValidationErrorEmptyStringNotAllowed'; Message = "*'TenantId'*" }
    )
}

Describe 'Signing in' {
    BeforeAll {
        if (-not $IsLinux) {
            return
        }

        $folder = Join-Path $TestDrive 'entra'
        [void](New-Item -ItemType Directory $folder)
        $rsa = [Security.Cryptography.RSA]::Create(2048)
        $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=application', $rsa, 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
        $certificate = $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddHours(-1), [DateTimeOffset]::UtcNow.AddHours(1))
        $passphrase = [guid]::NewGuid().ToString()
        Set-Content (Join-Path $folder 'public.pem') $certificate.ExportCertificatePem()
        Set-Content (Join-Path $folder 'client.pem') $certificate.ExportCertificatePem(), $rsa.ExportPkcs8PrivateKeyPem()
        [IO.File]::WriteAllBytes((Join-Path $folder 'client.pfx'), $certificate.Export('Pfx', $passphrase))
        $public = [Security.Cryptography.X509Certificates.X509Certificate2]::CreateFromPem($certificate.ExportCertificatePem())
        [IO.File]::WriteAllBytes((Join-Path $folder 'public.pfx'), $public.Export('Pfx'))

        . $PSScriptRoot/Support/EmulatorProgram.ps1
        . $PSScriptRoot/../../build/PowerShellProcess.ps1
        $trusted = Join-Path $folder 'emulator.pem'
        $emulator = Open-EmulatorProgram '--https-port', '0', '--certificate-path', $trusted, '--client-certificate', (Join-Path $folder 'public.pem')
        $http = $emulator.Endpoint
        $key = $emulator.ConnectionString -replace '^.*accesskey='
        $entra = $emulator.Facts
        $endpoint = $entra['AZURE_AUTHORITY_HOST']

        function Get-RequestCount {
            (Invoke-RestMethod "${http}emulator/requests").count
        }

        # Opens a runspace in a new PowerShell process that trusts the emulator and has no other environment variables of Azure.
        function Open-Session([hashtable] $Environment = @{}) {
            $process = Get-PowerShellProcessInstance
            $variables = $process.Process.StartInfo.Environment
            @($variables.Keys) -match '^(AZURE|IDENTITY|MSI)_' | ForEach-Object { [void]$variables.Remove($_) }
            $variables['SSL_CERT_FILE'] = $trusted
            foreach ($name in $Environment.Keys) {
                $variables[$name] = $Environment[$name]
            }
            $session = [runspacefactory]::CreateOutOfProcessRunspace($null, $process)
            $session.Open()
            [void](Invoke-InSession $session {
                    param([hashtable] $Facts)
                    $Facts.GetEnumerator() | ForEach-Object { Set-Variable $_.Key $_.Value }
                    Import-Module $ModulePath
                    $principal = @{ Endpoint = $Endpoint; TenantId = $TenantId }
                    $authority = @{ AuthorityHost = $Endpoint }
                    $credential = [pscredential]::new($ClientId, (ConvertTo-SecureString $Secret -AsPlainText))
                    $accessKey = ConvertTo-SecureString $Key -AsPlainText

                    function ConvertTo-Token([string] $Payload) {
                        $parts = '{"alg":"none"}', $Payload, 'not signed' | ForEach-Object { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($_)).TrimEnd('=').Replace('+', '-').Replace('/', '_') }
                        ConvertTo-SecureString ($parts -join '.') -AsPlainText
                    }

                    # Returns a token of the emulator's tenant, as Get-AzAccessToken would.
                    function Get-EntraToken {
                        $body = @{ grant_type = 'client_credentials'; client_id = $ClientId; client_secret = $Secret; scope = 'https://communication.azure.com//.default' }
                        (Invoke-RestMethod -Method Post "$Endpoint$TenantId/oauth2/v2.0/token" -Body $body).access_token
                    }

                    # Uses the current connection, and returns whether a token was issued for a new identity.
                    function Use-Connection {
                        $identity = New-AcsIdentity -ErrorAction Stop
                        ($identity | Get-AcsToken -Scope chat -ErrorAction Stop).Id -eq $identity.Id
                        $identity | Remove-AcsIdentity -Force -ErrorAction Stop
                    }
                } @{
                    Facts = @{
                        ModulePath = $env:ACSIDENTITY_MODULE_PATH; Endpoint = $endpoint; TenantId = $entra['AZURE_TENANT_ID']; ClientId = $entra['AZURE_CLIENT_ID']
                        Secret = $entra['AZURE_CLIENT_SECRET']; Passphrase = $passphrase; Key = $key; Folder = $folder
                    }
                })
            $session
        }

        function Invoke-InSession([runspace] $Session, $Script, [hashtable] $Parameters = @{}) {
            $shell = [powershell]::Create($Session)
            try {
                $shell.AddScript("$Script", $false).AddParameters($Parameters).Invoke()
                $shell.Streams.Error | Should -BeNullOrEmpty
            }
            finally {
                $shell.Dispose()
            }
        }

        # Runs a script and returns its terminating error, which must not show a secret.
        function Get-Failure([runspace] $Session, $Script) {
            $failure = Invoke-InSession $Session "try { [void]($Script) } catch { @{ Id = `$_.FullyQualifiedErrorId.Split(',')[0]; Category = `"`$(`$_.CategoryInfo.Category)`"; Message = `"`$_`"; All = (`$_ | Format-List * -Force | Out-String) + `$_.Exception } }"
            $failure | Should -HaveCount 1
            foreach ($hidden in $entra['AZURE_CLIENT_SECRET'], $entra['IDENTITY_HEADER'], $key, $passphrase, 'wrong-secret', 'wrong-passphrase', 'wrong-token', 'd3Jvbmcga2V5') {
                $failure.All | Should -Not -BeLike "*$hidden*"
            }
            # No token either. All tokens begin like this.
            $failure.All | Should -Not -MatchExactly 'eyJ[\w-]+\.eyJ'
            $failure
        }

        $session = Open-Session
    }

    BeforeEach {
        if (-not $IsLinux) {
            Set-ItResult -Skipped -Because 'SSL_CERT_FILE makes a process trust a certificate on Linux only'
        }
    }

    AfterAll {
        if ($IsLinux) {
            $session.Dispose()
            Close-EmulatorProgram $emulator
        }
    }

    # The first test in the session, because assemblies stay loaded.
    It 'with an access key loads no library for Entra ID' {
        Invoke-InSession $session { [void](Connect-AcsIdentity -Endpoint $Endpoint -AccessKey $accessKey -Validate); Use-Connection } | Should -BeTrue
        Invoke-InSession $session { [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match '^(Azure\.Identity|Microsoft\.Identity)' } | Should -BeNullOrEmpty
    }

    It 'with <Name> gives a connection that creates identities and tokens' -ForEach @(
        @{ Name = 'a service principal''s secret'; Shown = 'service principal * with a secret'; Connect = { Connect-AcsIdentity @principal @authority -Credential $credential } }
        @{ Name = 'a service principal''s secret and -Audience'; Shown = 'service principal * with a secret'; Connect = { Connect-AcsIdentity @principal @authority -Credential $credential -Audience https://communication.azure.com/ } }
        @{ Name = 'a service principal''s certificate (PEM)'; Shown = 'service principal * with a certificate'; Connect = { Connect-AcsIdentity @principal @authority -ClientId $ClientId -CertificatePath "$Folder/client.pem" } }
        @{ Name = 'a service principal''s certificate (PFX with a password)'; Shown = 'service principal * with a certificate'; Connect = {
                Connect-AcsIdentity @principal @authority -ClientId $ClientId -CertificatePath "$Folder/client.pfx" -CertificatePassword (ConvertTo-SecureString $Passphrase -AsPlainText)
            }
        }
        @{ Name = 'an access token'; Shown = 'access token'; Connect = { Connect-AcsIdentity -Endpoint $Endpoint -AccessToken (ConvertTo-SecureString (Get-EntraToken) -AsPlainText) } }
        @{ Name = 'the environment variables of a service principal'; Shown = 'default Azure credential'; Connect = {
                $env:AZURE_AUTHORITY_HOST, $env:AZURE_TENANT_ID, $env:AZURE_CLIENT_ID, $env:AZURE_CLIENT_SECRET = $Endpoint, $TenantId, $ClientId, $Secret
                try { Connect-AcsIdentity -Endpoint $Endpoint }
                finally { Remove-Item Env:AZURE_* }
            }
        }
    ) {
        $before = Get-RequestCount
        $connection = Invoke-InSession $session $Connect
        Get-RequestCount | Should -Be $before
        $connection.Credential | Should -BeLike $Shown
        Invoke-InSession $session { Use-Connection } | Should -BeTrue
        Get-RequestCount | Should -Be ($before + 3)
    }

    It 'gives Teams Phone access, and the token of a user who has it is exchanged' {
        $before = Get-RequestCount
        $seen = Invoke-InSession $session {
            [void](Connect-AcsIdentity @principal @authority -Credential $credential)
            $scope = 'https://auth.msft.communication.azure.com/TeamsExtension.ManageCalls'
            # The tenant's user signs in with any password.
            $body = @{ grant_type = 'password'; client_id = $ClientId; username = 'user@emulator.invalid'; password = 'x'; scope = $scope }
            $text = (Invoke-RestMethod -Method Post "$Endpoint$TenantId/oauth2/v2.0/token" -Body $body).access_token
            $user = (ConvertFrom-AcsToken $text).Claims
            $token = ConvertTo-SecureString $text -AsPlainText
            $assigned = @{ TenantId = $user.tid; ObjectId = $user.oid }
            $debug = Get-AcsToken -TeamsExtensionToken $token -ErrorAction SilentlyContinue -ErrorVariable refused -Debug 5>&1 | Out-String
            Set-AcsTeamsExtensionAssignment @assigned -PrincipalType User -ClientId $user.appid
            $issued = Get-AcsToken -TeamsExtensionToken $token
            $issued
            # The identity is one like any other.
            $issued | Get-AcsToken -Scope voip | Revoke-AcsToken -PassThru | Remove-AcsIdentity -Force -PassThru
            Get-AcsTeamsExtensionAssignment @assigned | Remove-AcsTeamsExtensionAssignment -Force
            Get-AcsTeamsExtensionAssignment @assigned -ErrorAction SilentlyContinue -ErrorVariable missing
            @{ Claims = $user; Refused = $refused[0].FullyQualifiedErrorId; Shown = $debug + ($refused[0] | Format-List * -Force | Out-String) + $refused[0].Exception; Missing = $missing[0].FullyQualifiedErrorId }
        }
        $seen | Should -HaveCount 4
        $given, $issued, $deleted, $facts = $seen
        "$($given.PrincipalType) $($given.ClientId)" | Should -Be "User $($facts.Claims.appid)"
        $issued.Id | Should -Match "^8:acs:[0-9a-f-]{36}_$($facts.Claims.tid)_$($facts.Claims.oid)\z"
        $deleted.Id | Should -Be $issued.Id
        $facts.Refused | Should -BeLike 'AcsPermissionDenied,*'
        $facts.Shown | Should -BeLike '*Request *exchangeAccessToken*'
        $facts.Shown | Should -Not -MatchExactly 'eyJ[\w-]+\.eyJ'
        $facts.Missing | Should -BeLike 'AcsAssignmentNotFound,*'
        $path = "/access/teamsExtension/tenants/$($facts.Claims.tid)/assignments/$($facts.Claims.oid)?api-version=2025-06-30"
        $exchange = 'POST /access/teamsExtension/:exchangeAccessToken?api-version=2025-06-30'
        $requests = (Invoke-RestMethod "${http}emulator/requests").newest | Where-Object number -GT $before | Sort-Object number
        $requests | Where-Object target -Like '*teamsExtension*' | ForEach-Object { "$($_.method) $($_.target) $($_.status)" } |
            Should -Be "$exchange 403", "PUT $path 201", "$exchange 200", "GET $path 200", "DELETE $path 204", "GET $path 404"
    }

    It 'with a certificate of the user''s store gives a connection that creates identities and tokens' {
        # .NET keeps the stores in the home folder.
        $user = Open-Session @{ HOME = (New-Item -ItemType Directory (Join-Path $folder 'home')).FullName }
        try {
            Invoke-InSession $user {
                $certificate = [Security.Cryptography.X509Certificates.X509CertificateLoader]::LoadPkcs12FromFile("$Folder/client.pfx", $Passphrase, 'Exportable')
                $store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser', 'ReadWrite')
                $store.Add($certificate)
                $store.Dispose()
                [void](Connect-AcsIdentity @principal @authority -ClientId $ClientId -CertificateThumbprint ($certificate.Thumbprint -replace '..', ' $0' -replace '^ ', [string][char]0x200e))
                Use-Connection
            } | Should -BeTrue
        }
        finally {
            $user.Dispose()
        }
    }

    It 'in a browser gives a connection that creates identities and tokens, and opens the browser once' {
        $browser = New-Item -ItemType Directory (Join-Path $folder 'browser')
        $script = Join-Path $browser 'browser.ps1'
        # Does what a browser does: opens the address and submits the form.
        Set-Content $script @'
Add-Content $env:OPENED $args[0]
$page = Invoke-WebRequest -SkipCertificateCheck $args[0]
$fields = @{}
$page.InputFields | Where-Object type -EQ hidden | ForEach-Object { $fields[$_.name] = $_.value }
$back = [regex]::Match($page.Content, 'action="([^"]*)"').Groups[1].Value
[void](Invoke-WebRequest -Method Post $back -Body $fields)
'@
        $program = Join-Path $browser 'xdg-open'
        Set-Content $program "#!/bin/sh`nexec '$((Get-PowerShellCommand) -join "' '")' -NoProfile -File '$script' `"`$@`""
        chmod +x $program
        $opened = Join-Path $browser 'opened'
        $person = Open-Session @{ PATH = $browser.FullName + [IO.Path]::PathSeparator + $env:PATH; OPENED = $opened }
        try {
            $connection = Invoke-InSession $person { Connect-AcsIdentity -Endpoint $Endpoint @authority -Interactive }
            $connection.Credential | Should -Be 'interactive sign-in'
            Invoke-InSession $person { Use-Connection } | Should -BeTrue
            Get-Content $opened | Should -HaveCount 1
            Get-Content $opened | Should -BeLike "$($endpoint)organizations/oauth2/v2.0/authorize?*"
        }
        finally {
            $person.Dispose()
        }
    }

    Context 'with a device code' {
        BeforeEach {
            $shell = [powershell]::Create($session)
            Register-ObjectEvent $shell.Streams.Warning DataAdded -SourceIdentifier Prompt
            $connecting = $shell.AddScript('Connect-AcsIdentity @principal @authority -DeviceCode', $false).BeginInvoke()
            Wait-Event Prompt -Timeout 30 | Should -Not -BeNullOrEmpty
        }

        AfterEach {
            Unregister-Event Prompt
            Remove-Event Prompt -ErrorAction Ignore
            $shell.Dispose()
        }

        It 'gives a connection that creates identities and tokens' {
            $prompt = [regex]::Match($shell.Streams.Warning[0].Message, 'page (\S+) and enter the code (\w+) ').Groups
            $prompt[1].Value | Should -Be "$($endpoint)devicelogin"
            [void](Invoke-WebRequest -SkipCertificateCheck -Method Post $prompt[1].Value -Body @{ user_code = $prompt[2].Value })
            $shell.EndInvoke($connecting).Credential | Should -Be 'device code'
            $shell.Streams.Warning | Should -HaveCount 1
            Invoke-InSession $session { Use-Connection } | Should -BeTrue
        }

        It 'can be stopped while it waits for the code' {
            $stopping = $shell.BeginStop($null, $null)
            $stopping.AsyncWaitHandle.WaitOne(30000) | Should -BeTrue
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
    }

    It 'as a managed identity behind <Name> gives a connection that creates identities and tokens' -ForEach @(
        @{ Name = 'IDENTITY_ENDPOINT (App Service, Automation)'; Environment = { @{ IDENTITY_ENDPOINT = $entra['IDENTITY_ENDPOINT']; IDENTITY_HEADER = $entra['IDENTITY_HEADER'] } } }
        @{ Name = 'AZURE_POD_IDENTITY_AUTHORITY_HOST (virtual machine)'; Environment = { @{ AZURE_POD_IDENTITY_AUTHORITY_HOST = $endpoint } } }
    ) {
        $azureHost = Open-Session (& $Environment)
        try {
            $log = Invoke-InSession $azureHost { $connection = Connect-AcsIdentity -Endpoint $Endpoint -ManagedIdentity; New-AcsIdentity -Debug 5>&1 | Out-String; $connection.Credential }
            $log[-1] | Should -Be 'managed identity'
            $log[0] | Should -Match 'GET https://localhost:\d+/(msi/token|metadata/identity/oauth2/token)'
            $log[0] | Should -Not -BeLike "*$($entra['IDENTITY_HEADER'])*"
            $log[0] | Should -Not -MatchExactly 'eyJ[\w-]+\.eyJ'
            Invoke-InSession $azureHost { Use-Connection } | Should -BeTrue
            Invoke-InSession $azureHost { [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match '^(Azure\.Identity|Microsoft\.Identity\.Client)$' } | Should -HaveCount 2
        }
        finally {
            $azureHost.Dispose()
        }
    }

    It 'as a managed identity gives one error if this host has none' {
        # No process listens on this port.
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $listener.Stop()
        $bareHost = Open-Session @{ AZURE_POD_IDENTITY_AUTHORITY_HOST = "http://127.0.0.1:$port/" }
        try {
            $before = Get-RequestCount
            $failure = Get-Failure $bareHost { Connect-AcsIdentity -Endpoint $Endpoint -ManagedIdentity -Validate }
            $failure.Id | Should -Be 'AcsSignInFailed'
            $failure.Category | Should -Be 'AuthenticationError'
            $failure.Message | Should -BeLike "$endpoint*managed identity*endpoint*-ClientId*"
            Get-RequestCount | Should -Be $before
        }
        finally {
            $bareHost.Dispose()
        }
    }

    It 'with <Name> gives one error at the first call' -ForEach @(
        @{ Name = 'a wrong secret'; ErrorId = 'AcsSignInFailed'; Message = '*AADSTS7000215*'; Sent = 0; Connect = { Connect-AcsIdentity @principal @authority -Credential ([pscredential]::new($ClientId, (ConvertTo-SecureString wrong-secret -AsPlainText))) } }
        @{ Name = 'a wrong tenant'; ErrorId = 'AcsSignInFailed'; Message = '*AADSTS90002*'; Sent = 0; Connect = { Connect-AcsIdentity @authority -Endpoint $Endpoint -TenantId (New-Guid) -Credential $credential } }
        @{ Name = 'a wrong application'; ErrorId = 'AcsSignInFailed'; Message = '*AADSTS700016*'; Sent = 0; Connect = { Connect-AcsIdentity @principal @authority -ClientId (New-Guid) -CertificatePath "$Folder/client.pem" } }
        @{ Name = 'a token for another audience'; ErrorId = 'AcsAuthenticationFailed'; Message = '*HTTP 401*'; Sent = 1; Connect = { Connect-AcsIdentity @principal @authority -Credential $credential -Audience https://other.example/ } }
        @{ Name = 'an unsigned token'; ErrorId = 'AcsAuthenticationFailed'; Message = '*HTTP 401*'; Sent = 1; Connect = { Connect-AcsIdentity -Endpoint $Endpoint -AccessToken (ConvertTo-Token '{"exp":4102444800}') } }
    ) {
        $before = Get-RequestCount
        [void](Invoke-InSession $session $Connect)
        $failure = Get-Failure $session { New-AcsIdentity -ErrorAction Stop }
        $failure.Id | Should -Be $ErrorId
        $failure.Category | Should -Be 'AuthenticationError'
        $failure.Message | Should -BeLike "$endpoint$Message"
        Get-RequestCount | Should -Be ($before + $Sent)
    }

    It 'with -Validate and <Name> fails, and keeps the previous connection' -ForEach @(
        @{ Name = 'a wrong key'; ErrorId = 'AcsAuthenticationFailed'; Connect = { Connect-AcsIdentity -Endpoint $Endpoint -AccessKey (ConvertTo-SecureString d3Jvbmcga2V5 -AsPlainText) -Validate } }
        @{ Name = 'a wrong secret'; ErrorId = 'AcsSignInFailed'; Connect = { Connect-AcsIdentity @principal @authority -Credential ([pscredential]::new($ClientId, (ConvertTo-SecureString wrong-secret -AsPlainText))) -Validate } }
        @{ Name = 'another audience'; ErrorId = 'AcsAuthenticationFailed'; Connect = { Connect-AcsIdentity @principal @authority -Credential $credential -Audience https://other.example -Validate } }
    ) {
        [void](Invoke-InSession $session { $kept = Connect-AcsIdentity -Endpoint $Endpoint -AccessKey $accessKey })
        $failure = Get-Failure $session $Connect
        $failure.Id | Should -Be $ErrorId
        Invoke-InSession $session { [object]::ReferenceEquals((Get-AcsConnection), $kept) } | Should -BeTrue
    }

    It 'with -Validate makes one call, which changes nothing' {
        $before = Get-RequestCount
        Invoke-InSession $session { (Connect-AcsIdentity @principal @authority -Credential $credential -Validate).Credential } | Should -BeLike 'service principal*'
        $newest = (Invoke-RestMethod "${http}emulator/requests")
        $newest.count | Should -Be ($before + 1)
        $newest.newest[0].target | Should -BeLike '*/:revokeAccessTokens*'
    }

    It 'with <Name> fails before anything is sent' -ForEach $badInput {
        $before = Get-RequestCount
        $failure = Get-Failure $session $Connect
        $failure.Id | Should -Be $(if ($ErrorId) { $ErrorId } else { 'AcsInvalidConnection' })
        $failure.Category | Should -BeIn 'InvalidArgument', 'InvalidData'
        $failure.Message | Should -BeLike $Message
        Get-RequestCount | Should -Be $before
    }

    It 'with <Name> shows the requests with -Debug, but not the credential' -ForEach @(
        @{ Name = 'a secret'; Connect = { Connect-AcsIdentity @principal @authority -Credential $credential } }
        @{ Name = 'an access token'; Connect = { Connect-AcsIdentity -Endpoint $Endpoint -AccessToken (ConvertTo-SecureString ($token = Get-EntraToken) -AsPlainText) } }
        @{ Name = 'an access key'; Connect = { Connect-AcsIdentity -Endpoint $Endpoint -AccessKey $accessKey } }
    ) {
        $fault = '{"kind":"status","status":429,"retryAfter":1,"next":1}'
        [void](Invoke-RestMethod -Method Post "${http}emulator/faults" -ContentType application/json -Body $fault)
        [void](Invoke-InSession $session $Connect)
        $log = Invoke-InSession $session { New-AcsIdentity -Scope chat -Debug 5>&1 | ForEach-Object { "$_" } | Out-String }
        $sent = (Invoke-RestMethod "${http}emulator/requests").newest[0]
        $log | Should -BeLike "*$($sent.requestId)*"
        $log | Should -Match 'POST https://localhost:\d+/identities'
        $log | Should -Match '(?s)response \S+ 429 .*was answered 429; retry in .*response \S+ 201 '
        $log | Should -Not -Match 'Authorization: ?(?!REDACTED)'
        $log | Should -Not -MatchExactly 'eyJ[\w-]+\.eyJ'
        foreach ($hidden in $entra['AZURE_CLIENT_SECRET'], $key, $key.Substring(0, 20)) {
            $log.Contains($hidden) | Should -BeFalse
        }
    }
}
