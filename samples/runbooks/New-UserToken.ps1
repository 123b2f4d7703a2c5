<#
.SYNOPSIS
Issues an access token for each user of a list, for a scheduled job.
.DESCRIPTION
Creates an identity for each user who has none. The map is the only record of which identity belongs to which user:
keep it.

The script writes an identity to the map as soon as it exists. If a run was interrupted, run the script again. After
AcsCreateOutcomeUnknown, the next run creates the user's identity again. If the map has an identity that no longer
exists (AcsIdentityNotFound), remove its row, and the next run creates another one.

Each failure is reported with its user, and the other users continue. If any user has no token, the script ends with
an error and an exit code other than 0.
.PARAMETER Path
A CSV file of the users, with a column Upn.
.PARAMETER MapPath
The map: a CSV file with the columns Id and Tag. The tag is the Upn. The script creates the file if it does not exist.
.PARAMETER Scope
The scopes of the tokens, such as chat,voip.
.PARAMETER VaultName
A vault of SecretManagement to store each token in. The name of the secret is the id of the identity, with '-' instead
of ':' and '_', because Azure Key Vault requires that. Without this parameter, the tokens are for the script that
calls this one.
.PARAMETER Endpoint
The resource. The script signs in with the managed identity of this host. Without this parameter, it uses the
connection string in the environment variable COMMUNICATION_SERVICES_CONNECTION_STRING.
.PARAMETER ClientId
The client id of a user-assigned managed identity.
.OUTPUTS
An object with Upn and AccessToken for each token. Text and files do not show the token.
.EXAMPLE
pwsh -NonInteractive -File New-UserToken.ps1 -Path users.csv -MapPath map.csv -Scope chat,voip -VaultName tokens -Endpoint https://my-resource.communication.azure.com
#>
#Requires -Version 7.4
#Requires -Modules AcsIdentity
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $MapPath,
    [Parameter(Mandatory)] [string[]] $Scope,
    [string] $VaultName,
    [string] $Endpoint,
    [string] $ClientId
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

if ($VaultName) {
    Import-Module Microsoft.PowerShell.SecretManagement
}

$resource = @{}
if ($Endpoint) { $resource = @{ Endpoint = $Endpoint; ManagedIdentity = $true } }
if ($ClientId) { $resource.ClientId = $ClientId }
[void](Connect-AcsIdentity @resource -Validate)

# A scope that does not exist shows before anything is created; with nothing in the pipeline no token is issued.
@() | Get-AcsToken -Scope $Scope

$users = @(Import-Csv $Path | ForEach-Object { "$($_.Upn)".Trim() } | Sort-Object -Unique)
if (-not (Test-Path $MapPath)) {
    # So does a path that cannot be written to.
    Set-Content $MapPath '"Id","Tag"'
}

# An identity that the map does not take is lost. So it needs both columns, and a last line that is at its end: a killed run
# or an editor may have left another, and the next row would go on there. The dash is a row, to see the columns of a map that has none.
$columns = @(Get-Content $MapPath -TotalCount 2; '-') | ConvertFrom-Csv | Select-Object -First 1 | ForEach-Object { $_.PSObject.Properties.Name }
if ('Id' -notin $columns -or 'Tag' -notin $columns) {
    throw "$MapPath has no columns Id and Tag, with a comma between."
}

if (-not (Get-Content $MapPath -Raw).EndsWith("`n")) {
    Add-Content $MapPath ''
}

function Read-Map {
    Import-Csv $MapPath | Select-Object Id, @{ Name = 'Upn'; Expression = { "$($_.Tag)".Trim() } }
}

$known = @{}
Read-Map | ForEach-Object { $known[$_.Upn] = $true }
$users | Where-Object { -not $known[$_] } |
    New-AcsIdentity -ErrorAction SilentlyContinue -ErrorVariable failures |
    # One by one, so that the file is closed after each. -Force: the map may have other columns.
    ForEach-Object { $_ | Export-Csv $MapPath -Append -Force }

$upnOf = [ordered]@{}
Read-Map | Where-Object Upn -In $users | ForEach-Object {
    if ($upnOf.Contains($_.Id) -and $upnOf[$_.Id] -ne $_.Upn) {
        throw "$MapPath gives '$($upnOf[$_.Id])' and '$($_.Upn)' the same identity."
    }

    $upnOf[$_.Id] = $_.Upn
}

$upnOf.Keys | Get-AcsToken -Scope $Scope -ErrorAction SilentlyContinue -ErrorVariable +failures | ForEach-Object {
    if ($VaultName) {
        Set-Secret -Vault $VaultName -Name ($_.Id -replace '[:_]', '-') -SecureStringSecret $_.Token
    }

    [pscustomobject]@{ Upn = $upnOf[$_.Id]; AccessToken = $_ }
}

# All in one error: PowerShell drops what it has not yet shown, errors too, where a script ends by one.
$report = foreach ($failure in $failures) {
    # What failed is a user's identity, or its creation, whose target is the user.
    $upn = $upnOf[$failure.TargetObject] ?? $failure.TargetObject
    "'$upn': $($failure.FullyQualifiedErrorId -replace ',.*'): $failure"
}

if ($report) {
    throw "$($failures.Count) of $($users.Count) users are without a token.`n$($report -join "`n")"
}
