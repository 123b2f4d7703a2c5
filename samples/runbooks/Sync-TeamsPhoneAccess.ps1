<#
.SYNOPSIS
Gives the Teams accounts of a list access to the resource for Teams Phone, and takes it away from those that left the list.
.DESCRIPTION
The service cannot list who has access. So the script records in a CSV file to whom it gave access, before it does. An
account that is in the record and not in the list has left: the script takes its access away, and then removes it from the record.
Accounts that got access elsewhere are not in the record, and keep it.

Giving access again changes nothing, so after an interruption run the script again.

Each failure is reported with its account, and the others continue. If anything failed, the script ends with an error and
an exit code other than 0. A list with a row that has no tenant or object id, or with an account twice, is refused before
anything is sent, and so is an empty list: it would take access away from everybody.
.PARAMETER Path
A CSV file of the accounts, with the columns ObjectId and TenantId, and if you like PrincipalType (User or ResourceAccount;
the default is ResourceAccount) and ClientId (the client ids of applications, with commas). Get-CsOnlineApplicationInstance |
Export-Csv makes such a file.
.PARAMETER RecordPath
The record: a CSV file that the script creates. Use one file for each resource, and one list.
.PARAMETER Endpoint
The resource. The script signs in with the managed identity of this host. Without this parameter, it uses the
connection string in the environment variable COMMUNICATION_SERVICES_CONNECTION_STRING.
.PARAMETER ClientId
The client id of a user-assigned managed identity.
.EXAMPLE
Get-CsOnlineApplicationInstance | Export-Csv accounts.csv
./Sync-TeamsPhoneAccess.ps1 -Path accounts.csv -RecordPath access.csv -Endpoint https://my-resource.communication.azure.com
#>
#Requires -Version 5.1
#Requires -Modules AcsIdentity
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $RecordPath,
    [string] $Endpoint,
    [string] $ClientId
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

# Returns the accounts of a file by tenant and object id.
function Read-Account([string] $File) {
    $accounts = [ordered]@{}
    $number = 1
    foreach ($row in @(Import-Csv $File | Select-Object ObjectId, TenantId, PrincipalType, ClientId)) {
        $number++
        $object = $tenant = [guid]::Empty
        if (-not ([guid]::TryParse($row.ObjectId, [ref]$object) -and [guid]::TryParse($row.TenantId, [ref]$tenant))) {
            throw "$File, row ${number}: ObjectId and TenantId must be GUIDs."
        }

        if ($accounts.Contains("$tenant/$object")) {
            throw "$File, row ${number}: the account $object of the tenant $tenant is in the list twice."
        }

        if (-not "$($row.PrincipalType)".Trim()) { $row.PrincipalType = 'ResourceAccount' }
        $accounts["$tenant/$object"] = $row
    }

    $accounts
}

function Write-Failure($Failure) {
    Write-Error "$($Failure.FullyQualifiedErrorId -replace ',.*'): $Failure" -ErrorAction Continue
}

$listed = Read-Account $Path
if (-not $listed.Count) {
    throw "$Path has no accounts. Nothing was changed: an empty list would take access away from all accounts of $RecordPath."
}

$recorded = if (Test-Path $RecordPath) { Read-Account $RecordPath } else { @{} }
$resource = @{}
if ($Endpoint) { $resource = @{ Endpoint = $Endpoint; ManagedIdentity = $true } }
if ($ClientId) { $resource.ClientId = $ClientId }
[void](Connect-AcsIdentity @resource -Validate)

# Recorded first: an account that has access and is not in the record would keep it forever.
if (-not $WhatIfPreference) {
    $new = @($listed.Keys | Where-Object { -not $recorded.Contains($_) } | ForEach-Object { $listed[$_] })
    if ($new) { $new | Export-Csv $RecordPath -Append -NoTypeInformation }
}

$given = @($listed.Values | Set-AcsTeamsExtensionAssignment -ErrorAction SilentlyContinue -ErrorVariable failures)
$failures | ForEach-Object { Write-Failure $_ }
$failed = $failures.Count

$gone = @()
foreach ($key in @($recorded.Keys | Where-Object { -not $listed.Contains($_) })) {
    $account = $recorded[$key]
    if (-not $PSCmdlet.ShouldProcess($account.ObjectId, 'Take away Teams Phone access')) {
        continue
    }

    try {
        $account | Remove-AcsTeamsExtensionAssignment -Force
        $gone += $key
    }
    catch {
        # An interrupted run may have done it.
        if ($_.FullyQualifiedErrorId -like 'AcsAssignmentNotFound,*') {
            $gone += $key
        }
        else {
            $failed++
            Write-Failure $_
        }
    }
}

if ($gone) {
    $kept = Read-Account $RecordPath
    $gone | ForEach-Object { $kept.Remove($_) }
    # In one step, so that a crash leaves the old record or the new one.
    $kept.Values | Export-Csv "$RecordPath.new" -NoTypeInformation
    Move-Item "$RecordPath.new" $RecordPath -Force
}

if (-not $WhatIfPreference) {
    "$($given.Count) of $($listed.Count) accounts have access. It was taken away from $($gone.Count)."
}

if ($failed) {
    throw "$failed changes of access have FAILED. Run this again to go on."
}
