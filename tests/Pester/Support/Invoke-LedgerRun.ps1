<#
.SYNOPSIS
Creates identities with the tags user<First> to user<Last> in a process of its own, which a test may kill. Writes their ids.
#>
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [Parameter(Mandatory)] [string] $ConnectionString,
    [Parameter(Mandatory)] [string] $Ledger,
    [Parameter(Mandatory)] [int] $First,
    [Parameter(Mandatory)] [int] $Last,

    # The connection string of a table's storage account.
    [string] $Storage,

    [switch] $ReuseExisting
)

$ErrorActionPreference = 'Stop'
Import-Module $ModulePath
$place = @{ Ledger = $Ledger }
if ($Storage) {
    $place.LedgerConnectionString = $Storage
}

[void](Connect-AcsIdentity $ConnectionString -CreateQuota 1000000 @place)
$First..$Last | ForEach-Object { "user$_" } | New-AcsIdentity -ThrottleLimit 8 -ReuseExisting:$ReuseExisting | ForEach-Object Id
