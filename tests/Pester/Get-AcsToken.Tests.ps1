BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    $emulator = Start-AcsEmulator
    [void](Connect-AcsIdentity -Emulator)
    $identity = New-AcsIdentity
}

AfterAll {
    Disconnect-AcsIdentity
    Stop-AcsEmulator
}

Describe 'Get-AcsToken' {
    It 'issues a token with the requested scopes and lifetime' {
        $token = Get-AcsToken $identity -Scope chat, voip.join -ExpiresIn 01:30:59
        $token | Should -BeOfType AcsIdentity.Models.CommunicationToken
        $token.Id | Should -Be $identity.Id
        $token.Scope | Should -Be 'chat', 'voip.join'
        $token.Token | Should -BeOfType securestring
        $claims = $token | ConvertFrom-AcsToken
        $claims.Id | Should -Be $identity.Id
        $claims.Scope | Should -Be $token.Scope
        # A lifetime is rounded down to whole minutes.
        ($claims.ExpiresOn - $claims.IssuedOn).TotalMinutes | Should -Be 90
    }

    It 'issues a token for 24 hours by default' {
        $claims = $identity | Get-AcsToken -Scope voip | ConvertFrom-AcsToken
        ($claims.ExpiresOn - $claims.IssuedOn).TotalHours | Should -Be 24
    }

    It 'takes <Name> as the identity' -ForEach @(
        @{ Name = 'an id'; Form = { $identity.Id } }
        @{ Name = 'an id with spaces around it'; Form = { " $($identity.Id) " } }
        @{ Name = 'an identity object'; Form = { $identity } }
        @{ Name = 'a token object'; Form = { $identity | Get-AcsToken -Scope chat } }
        @{ Name = 'a hashtable'; Form = { @{ Id = $identity.Id } } }
        @{ Name = 'an object with an Id'; Form = { [pscustomobject]@{ id = $identity.Id } } }
        @{ Name = 'an identifier of the JavaScript library'; Form = { "{`"kind`":`"communicationUser`",`"communicationUserId`":`"$($identity.Id)`"}" | ConvertFrom-Json } }
        @{ Name = 'its answer to createUserAndToken'; Form = { "{`"token`":`"x`",`"user`":{`"communicationUserId`":`"$($identity.Id)`"}}" | ConvertFrom-Json } }
        @{ Name = 'the answer of the REST API'; Form = { "{`"identity`":{`"id`":`"$($identity.Id)`"},`"accessToken`":{}}" | ConvertFrom-Json } }
        @{ Name = 'what "az communication identity user create" writes'; Form = { "{`"properties`":{`"id`":`"$($identity.Id)`"},`"rawId`":`"$($identity.Id)`"}" | ConvertFrom-Json } }
        @{ Name = 'what "az communication identity token issue" writes'; Form = { "{`"expires_on`":`"x`",`"token`":`"x`",`"user_id`":`"$($identity.Id)`"}" | ConvertFrom-Json } }
        @{ Name = 'a row with an Identifier'; Form = { [pscustomobject]@{ User = 'ann'; Identifier = $identity.Id } } }
        @{ Name = 'a row with another Id beside its CommunicationUserId'; Form = { [pscustomobject]@{ Id = 17; CommunicationUserId = $identity.Id } } }
        @{ Name = 'a row whose first property for an id is empty'; Form = { [pscustomobject]@{ Id = ''; RawId = $identity.Id } } }
        @{ Name = 'a hashtable with case, with another tool''s name'; Form = { $table = [Collections.Specialized.OrderedDictionary]::new(); $table['RAWID'] = $identity.Id; $table } }
        @{ Name = 'a hashtable in a hashtable'; Form = { @{ user = @{ communicationUserId = $identity.Id } } } }
    ) {
        (Get-AcsToken -Identity (& $Form) -Scope chat).Id | Should -Be $identity.Id
        ((& $Form) | Get-AcsToken -Scope chat).Id | Should -Be $identity.Id
    }

    It 'takes a lifetime of <Hours> hours as <Name>' -ForEach @(
        @{ Hours = 2; Name = '2h'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn 2h } }
        @{ Hours = 1.5; Name = '90m'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn 90m } }
        @{ Hours = 1.5; Name = '1h30m'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn 1h30m } }
        @{ Hours = 1.5; Name = '1H 30M'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn '1H 30M' } }
        @{ Hours = 1.5; Name = '1.5h'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn 1.5h } }
        @{ Hours = 2; Name = '7200s'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn 7200s } }
        @{ Hours = 24; Name = '24h'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn 24h } }
        @{ Hours = 24; Name = '1d'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn 1d } }
        @{ Hours = 24; Name = '1d in quotes'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn '1d' } }
        @{ Hours = 2; Name = 'the text of a time span'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn 02:00:00 } }
        @{ Hours = 2; Name = 'a time span'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn ([timespan]::FromHours(2)) } }
        @{ Hours = 2; Name = 'the time span of New-TimeSpan'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn (New-TimeSpan -Hours 2) } }
        @{ Hours = 24; Name = 'null'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn $null } }
        @{ Hours = 24; Name = 'an empty text'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn '' } }
    ) {
        $claims = & $Issue | ConvertFrom-AcsToken
        ($claims.ExpiresOn - $claims.IssuedOn).TotalHours | Should -Be $Hours
    }

    It 'refuses a lifetime without a unit: <Name>' -ForEach @(
        @{ Name = '120'; Number = 120; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn 120 } }
        @{ Name = '1.0'; Number = '1.0'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn 1.0 } }
        @{ Name = 'an integer'; Number = 1; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn ([int]1) } }
        @{ Name = 'a long integer'; Number = 72000000000; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn ([long]72000000000) } }
        @{ Name = 'a text'; Number = 1; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn '1' } }
        @{ Name = 'a text with a fraction'; Number = '1.0'; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn '1.0' } }
        @{ Name = 'a decimal'; Number = 1; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn ([decimal]1) } }
        @{ Name = 'a double'; Number = 1.5; Issue = { $identity | Get-AcsToken -Scope chat -ExpiresIn ([double]1.5) } }
    ) {
        $before = $emulator.RequestCount
        $Issue | Should -Throw -ExpectedMessage "*$Number has no unit*${Number}m for minutes or ${Number}h for hours*" -ErrorId 'ParameterArgumentTransformationError,*'
        $emulator.RequestCount | Should -Be $before
    }

    It 'takes the scopes and the lifetime of each row' {
        $rows = 'Id,Scope,ExpiresIn', "$($identity.Id),chat,2h", "$($identity.Id),`"chat,voip`",", "$($identity.Id),voip,90m" | ConvertFrom-Csv
        $claims = $rows | Get-AcsToken | ConvertFrom-AcsToken
        $claims.ForEach({ $_.Scope -join ',' }) | Should -Be 'chat', 'chat,voip', 'voip'
        $claims.ForEach({ ($_.ExpiresOn - $_.IssuedOn).TotalHours }) | Should -Be 2, 24, 1.5
    }

    It 'takes several identities at once' {
        (Get-AcsToken $identity, $identity.Id -Scope chat).Id | Should -Be $identity.Id, $identity.Id
    }

    It 'writes the token as a string with -AsPlainText' {
        $token = $identity | Get-AcsToken -Scope chat -AsPlainText
        $token.Token | Should -BeOfType string
        $token.Token.Split('.') | Should -HaveCount 3
        ($token | Get-AcsToken).Id | Should -Be $identity.Id
    }

    It 'refuses <Name> and sends nothing' -ForEach @(
        @{ Name = 'a scope that does not exist'; Run = { $identity | Get-AcsToken -Scope sms -ErrorAction Stop }; Message = '*sms*chat, chat.join, chat.join.limited, voip, voip.join*' }
        @{ Name = 'a lifetime that is none'; Run = { $identity | Get-AcsToken -Scope chat -ExpiresIn soon }; Message = '*2h*02:00:00*' }
        @{ Name = 'a lifetime without a unit in a row'; Run = { [pscustomobject]@{ Id = $identity.Id; ExpiresIn = '2' } | Get-AcsToken -Scope chat -ErrorAction Stop }; Message = '*2 has no unit*' }
        @{ Name = 'an empty time to -IfExpiresWithin'; Run = { $identity | Get-AcsToken -Scope chat -IfExpiresWithin '' }; Message = '*2h*02:00:00*' }
        @{ Name = 'a lifetime beyond all time spans'; Run = { $identity | Get-AcsToken -Scope chat -ExpiresIn 99999999999d }; Message = '*2h*02:00:00*' }
        @{ Name = 'a negative lifetime'; Run = { $identity | Get-AcsToken -Scope chat -ExpiresIn '-02:00:00' }; Message = '*1 hour*24 hours*' }
        @{ Name = 'a lifetime of 59m'; Run = { $identity | Get-AcsToken -Scope chat -ExpiresIn 59m }; Message = '*1 hour*24 hours*' }
        @{ Name = 'a lifetime of 2d'; Run = { $identity | Get-AcsToken -Scope chat -ExpiresIn 2d }; Message = '*1 hour*24 hours*' }
        @{ Name = 'a lifetime of 59 minutes'; Run = { $identity | Get-AcsToken -Scope chat -ExpiresIn 00:59:00 }; Message = '*1 hour*24 hours*' }
        @{ Name = 'a lifetime of 25 hours'; Run = { $identity | Get-AcsToken -Scope chat -ExpiresIn 1.01:00:00 }; Message = '*1 hour*24 hours*' }
    ) {
        $before = $emulator.RequestCount
        $Run | Should -Throw -ExpectedMessage $Message
        $emulator.RequestCount | Should -Be $before
    }

    It 'refuses <Name> as an identity, sends nothing for it and goes on' -ForEach @(
        @{ Name = 'an empty id'; Bad = ''; Message = '*empty*' }
        @{ Name = 'spaces'; Bad = '  '; Message = '*empty*' }
        @{ Name = 'text that is not an id'; Bad = 'bob'; Message = "*'bob' is not the id*" }
        @{ Name = 'an id in capitals'; Bad = '8:ACS:2DEE53B4-368B-45B4-AB52-8493FB117652_2DEE53B4-368B-45B4-AB52-8493FB117652'; Message = '*is written in capitals*8:acs:2dee53b4*' }
        @{ Name = 'a Teams user'; Bad = '8:orgid:2dee53b4-368b-45b4-ab52-8493fb117652'; Message = '*is a Teams user*Get-AcsToken -TeamsUserToken.' }
        @{ Name = 'null'; Bad = $null; Message = '*null*property Id*' }
        @{ Name = 'a number'; Bad = 17; Message = '*property Id*Identifier.' }
        @{ Name = 'an object without an Id'; Bad = [pscustomobject]@{ Upn = 'bob'; Mail = 'bob@contoso.com' }; Message = '*property Id*CommunicationUserId*RawId*Identifier. This one has Upn, Mail.' }
        @{ Name = 'an object of many properties without an Id'; Bad = [pscustomobject]@{ A = 0; B = 0; C = 0; D = 0; E = 0; F = 0; G = 0 }; Message = '*This one has A, B, C, D, E and 2 more.' }
        @{ Name = 'a hashtable without an Id'; Bad = @{ Upn = 'bob' }; Message = '*This one has Upn.' }
        @{ Name = 'a row of a CSV file without a header'; Bad = [pscustomobject]@{ ('QUJD' * 22) = 'bob' }; Message = '*This one has QUJDQUJDQUJD....' }
        @{ Name = 'an object with a user''s name'; Bad = [pscustomobject]@{ User = 'bob' }; Message = '*This one has User.' }
        @{ Name = 'an object with an empty Id'; Bad = [pscustomobject]@{ Id = ''; Tag = '' }; Message = "The identity's id is empty*" }
        @{ Name = 'an object with a Tag and an empty Id'; Bad = [pscustomobject]@{ Id = ''; Tag = 'ann' }; Message = "'ann': *empty*" }
        @{ Name = 'an object with a Tag and an invalid Id'; Bad = @{ Id = 'bob'; Tag = 'ann' }; Message = "'ann': 'bob' is not the id*" }
        @{ Name = 'an object whose Id throws'; Bad = [pscustomobject]@{} | Add-Member ScriptProperty Id { throw 'boom' } -PassThru; Message = '*cannot be read*boom*' }
        @{ Name = 'an access key'; Bad = 'QUJD' * 22; Message = "*'QUJDQUJDQUJD...' is not the id*" }
        @{ Name = 'an object whose Id is null'; Bad = [pscustomobject]@{ Id = $null }; Message = "The identity's id is empty*" }
    ) {
        $before = $emulator.RequestCount
        $tokens = $Bad, $identity | Get-AcsToken -Scope chat -ErrorAction SilentlyContinue -ErrorVariable failures
        $tokens | Should -HaveCount 1
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsInvalidIdentity,AcsIdentity.Commands.GetAcsTokenCommand'
        $failures[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        "$($failures[0])" | Should -BeLike $Message
        $emulator.RequestCount - $before | Should -Be 1
    }

    It 'says that a scope without a parameter name belongs to -Scope' {
        { Get-AcsToken chat } | Should -Throw -ExpectedMessage "*'chat' is a scope*-Scope chat."
        { $identity | Get-AcsToken chat, voip } | Should -Throw -ExpectedMessage "*'chat' is a scope*"
    }

    Context 'with -IfExpiresWithin' {
        BeforeAll {
            $ann = New-AcsIdentity -Tag ann -Scope chat, voip -ExpiresIn 2h
            $token = $ann.AccessToken
            $plain = $token | Get-AcsToken -IfExpiresWithin 1h -AsPlainText
            function Select-Row($Change = @{}) {
                $row = $plain | Select-Object Tag, Id, Scope, Token
                $Change.Keys | ForEach-Object { $row.$_ = $Change[$_] }
                $row
            }
        }

        It 'writes <Name> without a request' -ForEach @(
            @{ Name = 'a token'; Run = { $token | Get-AcsToken -IfExpiresWithin 1h } }
            @{ Name = 'the token of an identity'; Run = { $ann | Get-AcsToken -Scope voip, chat -IfExpiresWithin 1h } }
            @{ Name = 'a token in clear text'; Run = { $plain | Get-AcsToken -IfExpiresWithin 1h } }
            @{ Name = 'a token as clear text'; Run = { $token | Get-AcsToken -IfExpiresWithin 1h -AsPlainText } }
            @{ Name = 'the token of a row'; Run = { $plain | ConvertTo-Csv | ConvertFrom-Csv | Get-AcsToken -IfExpiresWithin 1h -AsPlainText } }
            @{ Name = 'the token of a saved identity'; Run = { $ann | Select-Object Id, Tag, @{ Name = 'AccessToken'; Expression = { $plain } } | ConvertTo-Json -Depth 3 | ConvertFrom-Json | Get-AcsToken -Scope chat, voip -IfExpiresWithin 1h } }
            @{ Name = 'a token with -WhatIf'; Run = { $token | Get-AcsToken -IfExpiresWithin 1h -WhatIf } }
        ) {
            $before = $emulator.RequestCount
            $written = & $Run
            $emulator.RequestCount | Should -Be $before
            $written.Tag | Should -Be 'ann'
            $written.Token.GetType().Name | Should -Be $(if ("$Run" -match '-AsPlainText') { 'String' } else { 'SecureString' })
            ($written | ConvertFrom-AcsToken).Claims.Values -join ' ' | Should -Be (($plain | ConvertFrom-AcsToken).Claims.Values -join ' ')
        }

        It 'renews <Name>' -ForEach @(
            @{ Name = 'a token that expires soon'; Run = { $token | Get-AcsToken -IfExpiresWithin 3h } }
            @{ Name = 'a token with other scopes'; Run = { $token | Get-AcsToken -Scope chat -IfExpiresWithin 1h } }
            @{ Name = 'an id'; Run = { $ann.Id | Get-AcsToken -Scope chat -IfExpiresWithin 1h } }
            @{ Name = 'an identity without a token'; Run = { $identity | Get-AcsToken -Scope chat -IfExpiresWithin 1h } }
            @{ Name = 'a row whose token is for another identity'; Run = { Select-Row @{ Id = $identity.Id } | Get-AcsToken -IfExpiresWithin 1h } }
            @{ Name = 'a row whose token has other scopes'; Run = { Select-Row @{ Scope = 'chat' } | Get-AcsToken -IfExpiresWithin 1h } }
            @{ Name = 'a row whose token cannot be read'; Run = { Select-Row @{ Token = 'System.Security.SecureString' } | Get-AcsToken -IfExpiresWithin 1h } }
            @{ Name = 'a row without a token'; Run = { Select-Row @{ Token = '' } | Get-AcsToken -IfExpiresWithin 1h } }
            @{ Name = 'a row whose token throws'; Run = { Select-Row | Select-Object Id, Scope | Add-Member ScriptProperty Token { throw 'boom' } -PassThru | Get-AcsToken -IfExpiresWithin 1h } }
        ) {
            $before = $emulator.RequestCount
            $claims = & $Run | ConvertFrom-AcsToken
            $emulator.RequestCount - $before | Should -Be 1
            ($claims.ExpiresOn - $claims.IssuedOn).TotalHours | Should -Be 24
        }

        It 'keeps the order of the input' {
            ($identity, $ann, $identity | Get-AcsToken -Scope chat, voip -IfExpiresWithin 1h).Id | Should -Be $identity.Id, $ann.Id, $identity.Id
        }
    }

    It 'completes the scopes of "<_>"' -ForEach 'Get-AcsToken x -Scope ', "Get-AcsToken x -Scope '" {
        $completions = [System.Management.Automation.CommandCompletion]::CompleteInput($_, $_.Length, $null).CompletionMatches.CompletionText
        $completions | Should -Be 'chat', 'chat.join', 'chat.join.limited', 'voip', 'voip.join'
    }

    It 'explains each scope while it completes' {
        $line = 'Get-AcsToken x -Scope '
        $tips = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.ToolTip
        $tips | Should -HaveCount 5
        $tips | Select-Object -Last 1 | Should -Be 'as voip, but can start calls only in rooms'
    }

    It 'completes lifetimes' {
        $line = 'Get-AcsToken x -ExpiresIn 2'
        $completions = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText
        $completions | Should -Be '2h', '20h', '21h', '22h', '23h', '24h'
    }

    It 'sends nothing with -WhatIf' {
        $before = $emulator.RequestCount
        $identity | Get-AcsToken -Scope chat -WhatIf | Should -BeNullOrEmpty
        $emulator.RequestCount | Should -Be $before
    }
}

Describe 'Get-AcsToken for a Teams user' {
    BeforeAll {
        $app = [guid]::NewGuid()
        $user = [guid]::NewGuid()
        $expiresOn = [datetimeoffset]::UtcNow.AddMinutes(70)
        function ConvertTo-EntraToken([string] $Payload) {
            $part = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Payload)).TrimEnd('=').Replace('+', '-').Replace('/', '_')
            ConvertTo-SecureString "e30.$part.AA" -AsPlainText -Force
        }
        $entraToken = ConvertTo-EntraToken "{`"exp`":$($expiresOn.ToUnixTimeSeconds()),`"azp`":`"$app`",`"oid`":`"$user`"}"
    }

    It 'exchanges the Entra token for one that expires with it' {
        $token = Get-AcsToken -TeamsUserToken $entraToken -ClientId $app -UserObjectId $user
        $token.Id | Should -Be "8:orgid:$user"
        $token.Token | Should -BeOfType securestring
        $token.ExpiresOn.ToUnixTimeSeconds() | Should -Be $expiresOn.ToUnixTimeSeconds()
        (Get-AcsToken -TeamsUserToken $entraToken -ClientId $app -UserObjectId $user -AsPlainText).Token | Should -BeOfType string
    }

    It 'refuses <Name> before anything is sent, and goes on' -ForEach @(
        @{ Name = 'text that is not a token'; Bad = { ConvertTo-SecureString 'bad' -AsPlainText -Force }; Message = '*three parts*' }
        @{ Name = 'an expired token'; Bad = { ConvertTo-EntraToken '{"exp":1700000000}' }; Message = '*has expired (2023-11-14*Get a new one.' }
        @{ Name = 'a token without an expiry time'; Bad = { ConvertTo-EntraToken '{}' }; Message = '*does not say when it expires*' }
        @{ Name = 'a token for Microsoft Graph'; Bad = { ConvertTo-EntraToken '{"exp":4102444800,"aud":"https://graph.microsoft.com"}' }; Message = '*is for https://graph.microsoft.com. Get one for the scope https://auth.msft.communication.azure.com/Teams.ManageCalls.' }
        @{ Name = 'a token for the resource'; Bad = { ConvertTo-EntraToken '{"exp":4102444800,"aud":"https://communication.azure.com"}' }; Message = '*Teams.ManageCalls.' }
        @{ Name = 'the token of an identity'; Bad = { (New-AcsIdentity -Scope chat).AccessToken.Token }; Message = '*token of Entra ID*identity 8:acs:*' }
    ) {
        $badToken = & $Bad
        $before = $emulator.RequestCount
        $tokens = $badToken, $entraToken | ForEach-Object { [pscustomobject]@{ TeamsUserToken = $_; UserObjectId = $user } } |
            Get-AcsToken -ClientId $app -ErrorAction SilentlyContinue -ErrorVariable failures
        $tokens.Id | Should -Be "8:orgid:$user"
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcsInvalidToken,AcsIdentity.Commands.GetAcsTokenCommand'
        "$($failures[0])" | Should -BeLike "'8:orgid:$user': *"
        "$($failures[0])" | Should -BeLike $Message
        $emulator.RequestCount - $before | Should -Be 1
    }

    It 'takes a token for <_>' -ForEach 'https://auth.msft.communication.azure.com', '1fd5118e-2576-4263-8130-9503064c837a' {
        $valid = ConvertTo-EntraToken "{`"exp`":$($expiresOn.ToUnixTimeSeconds()),`"azp`":`"$app`",`"oid`":`"$user`",`"aud`":`"$_`"}"
        Get-AcsToken -TeamsUserToken $valid -ClientId $app -UserObjectId $user | Should -Not -BeNullOrEmpty
    }

    It 'says that the token of a Teams user, piped to renew it, is to be exchanged again' {
        $token = Get-AcsToken -TeamsUserToken $entraToken -ClientId $app -UserObjectId $user
        { $token | Get-AcsToken -ErrorAction Stop } | Should -Throw -ExpectedMessage '*Get-AcsToken -TeamsUserToken.'
    }

    It 'reports the id of another application as an invalid argument' {
        Get-AcsToken -TeamsUserToken $entraToken -ClientId $user -UserObjectId $user -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        $failures[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'refuses a token as a string, and does not show it' {
        $failure = { Get-AcsToken -TeamsUserToken 'secret-token' -ClientId $app -UserObjectId $user } | Should -Throw -ExpectedMessage '*SecureString*' -PassThru
        "$failure" | Should -Not -BeLike '*secret-token*'
    }

    It 'refuses an application or user id that is not a GUID, and does not show it' {
        $before = $emulator.RequestCount
        foreach ($run in { Get-AcsToken -TeamsUserToken $entraToken -ClientId secret -UserObjectId $user }, { Get-AcsToken -TeamsUserToken $entraToken -ClientId $app -UserObjectId secret }) {
            $failure = $run | Should -Throw -ExpectedMessage '*A GUID is needed*' -PassThru
            "$failure" | Should -Not -BeLike '*secret*'
        }
        $emulator.RequestCount | Should -Be $before
    }

    It 'sends nothing with -WhatIf' {
        $before = $emulator.RequestCount
        Get-AcsToken -TeamsUserToken $entraToken -ClientId $app -UserObjectId $user -WhatIf | Should -BeNullOrEmpty
        $emulator.RequestCount | Should -Be $before
    }
}
