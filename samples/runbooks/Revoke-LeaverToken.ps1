<#
.SYNOPSIS
Revokes all tokens of a user who leaves.
.DESCRIPTION
Looks up the user's identities in the map and revokes every token of each. It takes up to 15 minutes until every service
refuses the tokens. Take the user off the list of New-UserToken.ps1 first, or its next run issues a new one.

Ends with an error, and so with an exit code other than 0, where the map does not know the user or an identity's tokens
could not be revoked. An identity that is not there (AcsIdentityNotFound) is such a failure too: it may have been deleted,
but it may as well be of another resource, where its tokens go on working.
.PARAMETER Upn
The user.
.PARAMETER MapPath
The map that New-UserToken.ps1 keeps: a CSV file with the columns Tag, which is the Upn, and Id.
.PARAMETER Endpoint
The resource, to be used with the managed identity of this host. Without it the environment variable
COMMUNICATION_SERVICES_CONNECTION_STRING is used.
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
