<#
.SYNOPSIS
The main job from end to end: creates an identity, issues a token for it, revokes its tokens, deletes it.
.DESCRIPTION
Runs against the emulator in this process, over real HTTP with real request signing. Nothing leaves this machine.
.PARAMETER ModulePath
Where the built module is.
#>
[CmdletBinding()]
param([string] $ModulePath = (Join-Path $PSScriptRoot '../artifacts/module/AcsIdentity'))

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath

'Azure Communication Services - Access Tokens Quickstart'
''
# For a real resource: Connect-AcsIdentity 'endpoint=https://...;accesskey=...'
[void](Connect-AcsIdentity -Emulator)

$identity = New-AcsIdentity
"Created an identity: $($identity.Id)"
''
$token = $identity | Get-AcsToken -Scope voip -AsPlainText
"Issued an access token with 'voip' scope that expires at $($token.ExpiresOn.ToString('o')):"
$token.Token
''
$identity | Revoke-AcsToken
"Successfully revoked all access tokens for identity with ID: $($identity.Id)"
''
$identity | Remove-AcsIdentity -Force
"Deleted the identity with ID: $($identity.Id)"

Stop-AcsEmulator
Disconnect-AcsIdentity
