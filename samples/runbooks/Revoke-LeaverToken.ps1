<#
.SYNOPSIS
Revokes all tokens of a user who leaves.
.DESCRIPTION
Looks up the user's identities in the ledger of the module or, with -MapPath, in a CSV file, and revokes all their
tokens. It takes up to 15 minutes until every service refuses the tokens. First remove the user from the list of
New-UserToken.ps1. Otherwise its next run issues a new token.

In the ledger, the script finds the identities whose tag is the user as given, or in lower case. Deleted identities
do not count: they have no tokens.

If the user is not recorded, or tokens could not be revoked, the script ends with an error and an exit code other than
0. An identity that does not exist (AcsIdentityNotFound) is an error too: it may belong to another
resource, where its tokens still work.
.PARAMETER Upn
The user.
.PARAMETER Ledger
The ledger that New-UserToken.ps1 uses: the address of a table of Azure Table Storage, or a file. The default is the
environment variable ACS_IDENTITY_LEDGER.
.PARAMETER MapPath
The map that New-UserToken.ps1 keeps: a CSV file with the columns Id and Tag. The tag is the Upn.
.PARAMETER Endpoint
The resource. The script signs in with the managed identity of this host. Without this parameter, it uses the
connection string in the environment variable COMMUNICATION_SERVICES_CONNECTION_STRING.
.PARAMETER ClientId
The client id of a user-assigned managed identity.
.EXAMPLE
./Revoke-LeaverToken.ps1 -Upn ann@contoso.com -Ledger https://account.table.core.windows.net/acs -Endpoint https://my-resource.communication.azure.com
.EXAMPLE
pwsh -NonInteractive -File Revoke-LeaverToken.ps1 -Upn ann@contoso.com -MapPath map.csv -Endpoint https://my-resource.communication.azure.com
#>
#Requires -Version 5.1
#Requires -Modules AcsIdentity
[CmdletBinding(SupportsShouldProcess, DefaultParameterSetName = 'Ledger')]
param(
    [Parameter(Mandatory)] [ValidateScript({ if ($_ -match '\S') { $true } else { throw 'The Upn is empty.' } })] [string] $Upn,
    [Parameter(ParameterSetName = 'Ledger')] [string] $Ledger,
    [Parameter(Mandatory, ParameterSetName = 'Map')] [string] $MapPath,
    [string] $Endpoint,
    [string] $ClientId
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$resource = @{}
if ($Endpoint) { $resource = @{ Endpoint = $Endpoint; ManagedIdentity = $true } }
if ($ClientId) { $resource.ClientId = $ClientId }
if ($PSBoundParameters.ContainsKey('Ledger')) { $resource.Ledger = $Ledger }
[void](Connect-AcsIdentity @resource -Validate)

$user = $Upn.Trim()
$identities = @(if ($MapPath) {
    Import-Csv $MapPath | Where-Object { "$($_.Tag)".Trim() -eq $user } | ForEach-Object { $_.Id }
}
else {
    # Escaped, because a wildcard would find other users.
    $tags = $user, $user.ToLowerInvariant() | Select-Object -Unique | ForEach-Object { [WildcardPattern]::Escape($_) }
    Get-AcsIdentity -Tag $tags -ErrorAction SilentlyContinue
})
if (-not $identities) {
    throw "$(if ($MapPath) { $MapPath } else { 'The ledger' }) has no identity of '$Upn'."
}

$revoked = @($identities | Revoke-AcsToken -PassThru -ErrorAction SilentlyContinue -ErrorVariable failures)
if ($revoked) {
    "The tokens of $($revoked.Count) identities of '$Upn' are revoked. It takes up to 15 minutes until every service refuses them."
}

foreach ($failure in $failures) {
    Write-Error "$($failure.FullyQualifiedErrorId -replace ',.*'): $failure" -ErrorAction Continue
}

if ($failures) {
    throw "The tokens of $($failures.Count) of $($identities.Count) identities of '$Upn' are NOT revoked."
}
