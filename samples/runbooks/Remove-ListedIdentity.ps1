<#
.SYNOPSIS
Deletes the identities of a list; a second run continues where the first one ended.
.DESCRIPTION
Records each deletion before the next one, in the ledger of the module or, with -DonePath, in a CSV file. An identity
that does not exist counts as done, because an interrupted run may have deleted it without a record. A warning says how
many there were: an identity of another resource does not exist either.

The ledger must have every identity of the list. Those that it knows as deleted are done. The others are an error
(AcsIdentityNotRecorded). Add identities from elsewhere with Import-AcsIdentity first.

Each failure is reported with its identity, and the others continue. If any identity is left, the script ends with an
error and an exit code other than 0. The next run tries those identities again.
.PARAMETER Path
A CSV file of the identities, with a column Id. With the ledger, a column Tag is enough; it counts for rows without an
id, and all identities with the tag are deleted.
.PARAMETER Tag
The tags of the identities, if there is no file. Tags are compared with case; New-UserToken.ps1 writes lower case.
.PARAMETER Ledger
The ledger: the address of a table of Azure Table Storage, or a file. The default is the environment variable
ACS_IDENTITY_LEDGER.
.PARAMETER DonePath
A file instead of the ledger: a CSV file of the deleted identities, with the columns Id and DoneAt. The script creates it if it does not exist. Use
one file per list.
.PARAMETER Endpoint
The resource. The script signs in with the managed identity of this host. Without this parameter, it uses the
connection string in the environment variable COMMUNICATION_SERVICES_CONNECTION_STRING.
.PARAMETER ClientId
The client id of a user-assigned managed identity.
.EXAMPLE
./Remove-ListedIdentity.ps1 -Tag ann@contoso.com, bob@contoso.com -Ledger https://account.table.core.windows.net/acs -Endpoint https://my-resource.communication.azure.com
.EXAMPLE
pwsh -NonInteractive -File Remove-ListedIdentity.ps1 -Path list.csv -DonePath done.csv -Endpoint https://my-resource.communication.azure.com
#>
#Requires -Version 5.1
#Requires -Modules AcsIdentity
[CmdletBinding(SupportsShouldProcess, DefaultParameterSetName = 'Ledger')]
param(
    [Parameter(Mandatory, ParameterSetName = 'Ledger')]
    [Parameter(Mandatory, ParameterSetName = 'File')]
    [string] $Path,
    [Parameter(Mandatory, ParameterSetName = 'Tag')]
    [string[]] $Tag,
    [Parameter(ParameterSetName = 'Ledger')]
    [Parameter(ParameterSetName = 'Tag')]
    [string] $Ledger,
    [Parameter(Mandatory, ParameterSetName = 'File')]
    [string] $DonePath,
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

# The message names the identity, not the row: it shortens what is no id, as that may be a secret in the wrong column.
function Write-Failure($Failure) {
    Write-Error "$($Failure.FullyQualifiedErrorId -replace ',.*'): $Failure" -ErrorAction Continue
}

$rows = @(if ($Path) { Import-Csv $Path } else { $Tag | ForEach-Object { [pscustomobject]@{ Tag = $_ } } }) | Select-Object Id, Tag
$unknown = @()
if ($DonePath) {
    $done = @{}
    if (Test-Path $DonePath) {
        Import-Csv $DonePath | ForEach-Object { $done[$_.Id] = $true }
    }

    $left = @($rows | ForEach-Object { "$($_.Id)".Trim() } | Sort-Object -Unique | Where-Object { -not $done[$_] })
}
else {
    $ids = @($rows | ForEach-Object { "$($_.Id)".Trim() } | Where-Object { $_ })
    # Escaped, because a wildcard would find other identities.
    $tags = @($rows | Where-Object { -not "$($_.Id)".Trim() } | ForEach-Object { [WildcardPattern]::Escape($_.Tag) })
    $search = @{ State = 'Active, Deleted'; ErrorAction = 'SilentlyContinue'; ErrorVariable = '+unknown' }
    $recorded = @(
        if ($ids.Count) { Get-AcsIdentity -Id $ids @search }
        if ($tags.Count) { Get-AcsIdentity -Tag $tags @search }
    )
    $left = @($recorded | Where-Object State -EQ Active | ForEach-Object Id | Sort-Object -Unique)
    $unknown | ForEach-Object { Write-Failure $_ }
}

$total = $left.Count + $unknown.Count
$failed = $unknown.Count
$deleted = $gone = 0
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
            Write-Failure $_
            continue
        }

        $gone++
    }

    if ($DonePath) {
        [pscustomobject]@{ Id = $id; DoneAt = [datetime]::UtcNow.ToString('u') } | Export-Csv $DonePath -Append -NoTypeInformation -Confirm:$false
    }
}

"$deleted of $total identities are deleted."
if ($gone) {
    Write-Warning "$gone identities were not there. They count as done; if that is not to be expected, look whether they are of this resource."
}

if ($failed) {
    throw "$failed of $total identities are NOT deleted. Run this again to go on."
}
