<#
.SYNOPSIS
Deletes the identities of a list; a second run continues where the first one ended.
.DESCRIPTION
Records each deletion before the next one. An identity that does not exist counts as done, because an interrupted run
may have deleted it without a record. A warning says how many there were: an identity of another resource does not
exist either.

Each failure is reported with its identity, and the others continue. If any identity is left, the script ends with an
error and an exit code other than 0. The next run tries those identities again.
.PARAMETER Path
A CSV file of the identities, with a column Id.
.PARAMETER DonePath
A CSV file of the deleted identities, with the columns Id and DoneAt. The script creates it if it does not exist. Use
one file per list.
.PARAMETER Endpoint
The resource. The script signs in with the managed identity of this host. Without this parameter, it uses the
connection string in the environment variable COMMUNICATION_SERVICES_CONNECTION_STRING.
.PARAMETER ClientId
The client id of a user-assigned managed identity.
.EXAMPLE
pwsh -NonInteractive -File Remove-ListedIdentity.ps1 -Path list.csv -DonePath done.csv -Endpoint https://my-resource.communication.azure.com
#>
#Requires -Version 7.4
#Requires -Modules AcsIdentity
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $DonePath,
    [string] $Endpoint,
    [string] $ClientId
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$resource = @{}
if ($Endpoint) { $resource = @{ Endpoint = $Endpoint; ManagedIdentity = $true } }
if ($ClientId) { $resource.ClientId = $ClientId }
[void](Connect-AcsIdentity @resource -Validate)

$done = @{}
if (Test-Path $DonePath) {
    Import-Csv $DonePath | ForEach-Object { $done[$_.Id] = $true }
}

$left = @(Import-Csv $Path | ForEach-Object { "$($_.Id)".Trim() } | Sort-Object -Unique | Where-Object { -not $done[$_] })
$deleted = $gone = $failed = 0
# One at a time: so it is known of each, and the service takes no more than 500 in 30 s anyway.
foreach ($id in $left) {
    if (-not $PSCmdlet.ShouldProcess($id, 'Delete identity')) {
        continue
    }

    try {
        Remove-AcsIdentity $id -Force
        $deleted++
    }
    catch {
        if ($_.FullyQualifiedErrorId -notlike 'AcsIdentityNotFound,*') {
            $failed++
            # The message names the identity, not the row: it shortens what is no id, as that may be a secret in the wrong column.
            Write-Error "$($_.FullyQualifiedErrorId -replace ',.*'): $_" -ErrorAction Continue
            continue
        }

        $gone++
    }

    [pscustomobject]@{ Id = $id; DoneAt = [datetime]::UtcNow.ToString('u') } | Export-Csv $DonePath -Append -Confirm:$false
}

"$deleted of $($left.Count) identities are deleted."
if ($gone) {
    Write-Warning "$gone identities were not there. They count as done; if that is not to be expected, look whether they are of this resource."
}

if ($failed) {
    throw "$failed of $($left.Count) identities are NOT deleted. Run this again to go on."
}
