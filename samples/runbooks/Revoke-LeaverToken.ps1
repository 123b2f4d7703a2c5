<#
.SYNOPSIS
Revokes all tokens of a user who leaves.
.DESCRIPTION
Looks up the user's identities in the map and revokes all their tokens. It takes up to 15 minutes until every service
refuses the tokens. First remove the user from the list of New-UserToken.ps1. Otherwise its next run issues a new
token.

If the map does not have the user, or tokens could not be revoked, the script ends with an error and an exit code
other than 0. An identity that does not exist (AcsIdentityNotFound) is an error too: it may belong to another
resource, where its tokens still work.
.PARAMETER Upn
The user.
.PARAMETER MapPath
The map that New-UserToken.ps1 keeps: a CSV file with the columns Id and Tag. The tag is the Upn.
.PARAMETER Endpoint
The resource. The script signs in with the managed identity of this host. Without this parameter, it uses the
connection string in the environment variable COMMUNICATION_SERVICES_CONNECTION_STRING.
.PARAMETER ClientId
The client id of a user-assigned managed identity.
.EXAMPLE
pwsh -NonInteractive -File Revoke-LeaverToken.ps1 -Upn ann@contoso.com -MapPath map.csv -Endpoint https://my-resource.communication.azure.com
#>
#Requires -Version 7.4
#Requires -Modules AcsIdentity
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $Upn,
    [Parameter(Mandatory)] [string] $MapPath,
    [string] $Endpoint,
    [string] $ClientId
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$resource = @{}
if ($Endpoint) { $resource = @{ Endpoint = $Endpoint; ManagedIdentity = $true } }
if ($ClientId) { $resource.ClientId = $ClientId }
[void](Connect-AcsIdentity @resource -Validate)

$ids = @(Import-Csv $MapPath | Where-Object { "$($_.Tag)".Trim() -eq $Upn.Trim() } | ForEach-Object { $_.Id })
if (-not $ids) {
    throw "$MapPath has no identity of '$Upn'."
}

$revoked = @($ids | Revoke-AcsToken -PassThru -ErrorAction SilentlyContinue -ErrorVariable failures)
if ($revoked) {
    "The tokens of $($revoked.Count) identities of '$Upn' are revoked. It takes up to 15 minutes until every service refuses them."
}

foreach ($failure in $failures) {
    Write-Error "$($failure.FullyQualifiedErrorId -replace ',.*'): $failure" -ErrorAction Continue
}

if ($failures) {
    throw "The tokens of $($failures.Count) of $($ids.Count) identities of '$Upn' are NOT revoked."
}
