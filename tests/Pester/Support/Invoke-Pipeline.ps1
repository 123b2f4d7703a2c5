# Imports the module, connects, and sends identities through the whole pipeline. Returns how many reached the end.
param(
    # Signs in to Entra ID as the service principal in the environment variables, instead of using the emulator in this process.
    [switch] $Entra
)

$ErrorActionPreference = 'Stop'
Import-Module $env:ACSIDENTITY_MODULE_PATH
if ($Entra) {
    $principal = [Net.NetworkCredential]::new($env:AZURE_CLIENT_ID, $env:AZURE_CLIENT_SECRET)
    $credential = [pscredential]::new($principal.UserName, $principal.SecurePassword)
    [void](Connect-AcsIdentity -Endpoint $env:AZURE_AUTHORITY_HOST -TenantId $env:AZURE_TENANT_ID -Credential $credential)
}
else {
    [void](Start-AcsEmulator)
    [void](Connect-AcsIdentity -Emulator)
}

$revoked = New-AcsIdentity -Count 3 -Scope chat | Get-AcsToken -Scope voip | Revoke-AcsToken -PassThru
$revoked | Remove-AcsIdentity -Force
@($revoked).Count
