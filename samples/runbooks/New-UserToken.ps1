<#
.SYNOPSIS
Issues an access token for each user of a list, for a scheduled job.
.DESCRIPTION
A user who has no identity yet gets one. Which identity is whose stands in the map, and nowhere else: keep it.

An identity goes into the map as soon as it exists, so a run that was cut short is simply run again. Where the outcome of a
create is unknown (AcsCreateOutcomeUnknown), the next run creates the user's identity anew. Where the map names an identity
that is gone (AcsIdentityNotFound), take its row out of the map, and the next run creates another.

Every failure is reported with its user, and the others go on. Ends with an error, and so with an exit code other than 0,
where any user is left without a token.
.PARAMETER Path
A CSV file of the users, with a column Upn.
.PARAMETER MapPath
The map: a CSV file with the columns Tag, which is the Upn, and Id. It is made where there is none.
.PARAMETER Scope
What the tokens allow, such as chat,voip.
.PARAMETER VaultName
Stores each token in this vault of SecretManagement, under the id of its identity with '-' for ':' and '_', as Azure Key
Vault wants it. Without it the tokens are for the script that calls this one: text and files do not show them.
.PARAMETER Endpoint
The resource, to be used with the managed identity of this host. Without it the environment variable
COMMUNICATION_SERVICES_CONNECTION_STRING is used.
.PARAMETER ClientId
The client id of a user-assigned managed identity.
.OUTPUTS
For each token an object with Upn and AccessToken.
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
