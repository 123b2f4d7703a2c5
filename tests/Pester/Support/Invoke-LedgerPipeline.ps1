# Imports the module, and uses a ledger of each kind. Returns how many identities the file has, and the error of a table that cannot be reached.
$ErrorActionPreference = 'Stop'
Import-Module $env:ACSIDENTITY_MODULE_PATH
$file = Join-Path ([IO.Path]::GetTempPath()) "$([guid]::NewGuid()).db"
try {
    [void](Connect-AcsIdentity -Emulator -Ledger $file)
    1..3 | New-AcsIdentity | Out-Null
    @(Get-AcsIdentity).Count
    Disconnect-AcsIdentity
}
finally {
    Remove-Item "$file*"
}

$storage = 'AccountName=devstoreaccount1;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/devstoreaccount1;'
try {
    [void](Connect-AcsIdentity -Emulator -Ledger http://127.0.0.1:1/devstoreaccount1/acs -LedgerConnectionString $storage)
}
catch {
    $_.FullyQualifiedErrorId
}
