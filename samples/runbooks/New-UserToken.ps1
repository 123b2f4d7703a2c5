<#
.SYNOPSIS
Issues an access token for each user of a list, for a scheduled job.
.DESCRIPTION
Creates an identity for each user who has none. The record of which identity belongs to which user is the ledger of
the module or, with -MapPath, a CSV file. The service does not know the users: keep the record. In Azure Automation,
use a table as the ledger, because files are lost after the job.

The script checks its parameters and files before it sends anything. It records an identity as soon as it exists. If a
run was interrupted, run the script again. After AcsCreateOutcomeUnknown, the next run creates the user's identity
again.

In the ledger, the tag of an identity is the user in lower case. Several runs can use a ledger at the same time. If an
identity of the ledger no longer exists (AcsIdentityNotFound), run Remove-AcsIdentity for it, and the next run creates
another one.

A map is open to one run at a time. A second run ends with an error and sends nothing. If an identity of the map no
longer exists, remove its row. If ACS_IDENTITY_LEDGER is set, a run with a map records in that ledger too.

Each failure is reported with its user, and the other users continue. If any user has no token, the script ends with
an error and an exit code other than 0.
.PARAMETER Path
A CSV file of the users, with a column Upn. Each user has one row.
.PARAMETER Upn
The users, if there is no file. A comma separates them too.
.PARAMETER Ledger
The ledger: the address of a table of Azure Table Storage, or a file. The default is the environment variable
ACS_IDENTITY_LEDGER. The managed identity of -Endpoint signs in to the table. It needs the role Storage Table Data
Contributor.
.PARAMETER MapPath
A map instead of the ledger: a CSV file with the columns Id and Tag. The tag is the Upn. The script creates the file if it does not exist.
.PARAMETER Scope
The scopes of the tokens, such as chat,voip.
.PARAMETER ExpiresIn
The lifetime of the tokens, from 1h to 24h, such as 90m. The default is 24 hours.
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
./New-UserToken.ps1 -Upn ann@contoso.com, bob@contoso.com -Ledger https://account.table.core.windows.net/acs -Scope chat -VaultName tokens -Endpoint https://my-resource.communication.azure.com

As a runbook in Azure Automation.
.EXAMPLE
pwsh -NonInteractive -File New-UserToken.ps1 -Path users.csv -MapPath map.csv -Scope chat,voip -VaultName tokens -Endpoint https://my-resource.communication.azure.com
.EXAMPLE
./New-UserToken.ps1 -Path users.csv -MapPath map.csv -Scope chat -WhatIf

Checks the parameters, the files and the connection, and shows what a run would do.
#>
#Requires -Version 5.1
#Requires -Modules AcsIdentity
[CmdletBinding(SupportsShouldProcess, DefaultParameterSetName = 'Ledger')]
param(
    [Parameter(Mandatory, ParameterSetName = 'Ledger')]
    [Parameter(Mandatory, ParameterSetName = 'Map')]
    [string] $Path,
    [Parameter(Mandatory, ParameterSetName = 'Upn')]
    [string[]] $Upn,
    [Parameter(ParameterSetName = 'Ledger')]
    [Parameter(ParameterSetName = 'Upn')]
    [string] $Ledger,
    [Parameter(Mandatory, ParameterSetName = 'Map')]
    [string] $MapPath,
    [Parameter(Mandatory)] [string[]] $Scope,
    $ExpiresIn,
    [string] $VaultName,
    [string] $Endpoint,
    [string] $ClientId
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

# Writes the rows, trimmed. Row 1 is the header, as in a spreadsheet; blank lines do not count.
function ConvertFrom-Table([string] $File, [string] $Text, [string[]] $Column) {
    $names = Get-Column $File $Text
    $missing = @($Column | Where-Object { $_ -notin $names })
    if ($missing) {
        throw "$File, row 1: there is no column $($missing -join ', '). The first row of a CSV file names its columns, with commas between them."
    }

    $number = 1
    foreach ($row in $Text | ConvertFrom-Csv) {
        $values = @{ Row = ++$number }
        $Column | ForEach-Object { $values[$_] = "$($row.$_)".Trim() }
        [pscustomobject]$values
    }
}

function Get-Column([string] $File, [string] $Text) {
    try {
        # The dash is a row: a table without rows would not show its columns.
        "$Text`n-" | ConvertFrom-Csv -WarningAction Ignore | Select-Object -First 1 | ForEach-Object { $_.PSObject.Properties.Name }
    }
    catch {
        throw "$File, row 1: this is not the first row of a CSV file. $_"
    }
}

function Assert-Unique([string] $File, [string] $Column, [object[]] $Row) {
    $twice = @($Row | Group-Object $Column | Where-Object Count -GT 1 | ForEach-Object { "'$($_.Name)' (rows $($_.Group.Row -join ', '))" })
    if ($twice) {
        throw "$File has more than one row with the same ${Column}: $($twice -join '; ')."
    }
}

function Open-Map([string] $File) {
    if ($WhatIfPreference -and -not (Test-Path -LiteralPath $File)) {
        return [IO.MemoryStream]::new()
    }

    try {
        # Keeps other runs and programs out. If the run is killed, the operating system closes the file.
        [IO.File]::Open($File, 'OpenOrCreate', 'ReadWrite', 'None')
    }
    catch [IO.DirectoryNotFoundException] {
        throw "The folder of the map does not exist: $File"
    }
    catch [IO.IOException] {
        throw "Another run has the map, or another program has opened it. Run this again when it has ended. $($_.Exception.GetBaseException().Message)"
    }
}

if ($VaultName) {
    Import-Module Microsoft.PowerShell.SecretManagement
}

$resource = @{}
if ($Endpoint) { $resource = @{ Endpoint = $Endpoint; ManagedIdentity = $true } }
if ($ClientId) { $resource.ClientId = $ClientId }
if ($PSBoundParameters.ContainsKey('Ledger')) { $resource.Ledger = $Ledger }
[void](Connect-AcsIdentity @resource)

$token = @{ Scope = $Scope }
if ($PSBoundParameters.ContainsKey('ExpiresIn')) { $token.ExpiresIn = $ExpiresIn }
$identity = @{ ReuseExisting = -not $MapPath }
# Checks the parameters: with nothing in the pipeline, these send nothing.
@() | New-AcsIdentity @identity
@() | Get-AcsToken @token

if ($Path) {
    $list = $Path
    $users = @(ConvertFrom-Table $Path (Get-Content -LiteralPath $Path -Raw -Encoding UTF8) Upn)
}
else {
    $list, $row = '-Upn', 0
    # A scheduler that starts pwsh -File passes one text.
    $users = @($Upn -split ',' | ForEach-Object { [pscustomobject]@{ Row = ++$row; Upn = $_.Trim() } })
}

$users | ForEach-Object {
    if (-not $_.Upn) { throw "$list, row $($_.Row): the Upn is empty." }
    if ($_.Upn -match '\n') { throw "$list, row $($_.Row): the Upn has a line break. A quotation mark is not closed." }
}
Assert-Unique $list Upn $users
$upns = @($users | Select-Object -ExpandProperty Upn)
# The ledger compares tags with case. Users are the same in any case.
if (-not $MapPath) { $upns = @($upns | ForEach-Object { $_.ToLowerInvariant() }) }

$known, $new = @(), $upns
$map = if ($MapPath) { Open-Map $PSCmdlet.GetUnresolvedProviderPathFromPSPath($MapPath) }
try {
    if ($map) {
        $reader = [IO.StreamReader]::new($map, [Text.UTF8Encoding]::new($false))
        $text = $reader.ReadToEnd()
        # A killed run or an editor may have left a last line without a line break.
        $start = if (-not $text) { "`"Id`",`"Tag`"`n" } elseif ($text.EndsWith("`n")) { '' } else { "`n" }
        $text += $start

        $known = @(ConvertFrom-Table $MapPath $text Id, Tag | Where-Object { $_.Tag -in $upns })
        Assert-Unique $MapPath Tag $known
        Assert-Unique $MapPath Id $known
        $tags = @($known | Select-Object -ExpandProperty Tag)
        $new = @($upns | Where-Object { $_ -notin $tags })
        $columns = Get-Column $MapPath $text
    }

    [void](Connect-AcsIdentity @resource -Validate)

    if ($map) {
        $writer = [IO.StreamWriter]::new($map, $reader.CurrentEncoding)
        $writer.AutoFlush = $true
        if (-not $WhatIfPreference) { $writer.Write($start) }
    }

    $made = @($new | New-AcsIdentity @identity -ErrorAction SilentlyContinue -ErrorVariable failures | ForEach-Object {
        # The map may have other columns, or these in another order.
        if ($map) { $writer.WriteLine(($_ | Select-Object $columns | ConvertTo-Csv -NoTypeInformation | Select-Object -Last 1)) }
        $_
    })
    if ($WhatIfPreference) {
        $new | ForEach-Object { [void]$PSCmdlet.ShouldProcess($_, 'Issue access token') }
    }

    $known + $made | Select-Object Id, Tag | Get-AcsToken @token -ErrorAction SilentlyContinue -ErrorVariable +failures | ForEach-Object {
        if ($VaultName) {
            Set-Secret -Vault $VaultName -Name ($_.Id -replace '[:_]', '-') -SecureStringSecret $_.Token
        }

        [pscustomobject]@{ Upn = $_.Tag; AccessToken = $_ }
    }
}
finally {
    if ($map) { $map.Dispose() }
}

# All in one error: PowerShell drops what it has not yet shown, errors too, where a script ends by one.
$report = $failures | ForEach-Object { "$($_.FullyQualifiedErrorId -replace ',.*'): $_" }
if ($report) {
    throw "$($failures.Count) of $($users.Count) users are without a token.`n$($report -join "`n")"
}
