@{
    # PowerShell runs this file at each import. Lists with commas are constants; lines in @( ) would be compiled one by one.
    # The first one may load an AcsIdentity.dll that is compiled for this platform. A RootModule would be loaded before it.
    NestedModules        = 'AcsIdentity.Startup.dll', "$PSEdition/AcsIdentity.dll"
    ModuleVersion        = '0.1.0'
    GUID                 = 'b1a4f0a5-5b0e-4a3e-9d0c-3f6f0f8b7c21'
    Author               = 'The AcsIdentity authors'
    CompanyName          = 'The AcsIdentity authors'
    Copyright            = '(c) The AcsIdentity authors. MIT License.'
    Description          = 'Creates and deletes identities of Azure Communication Services, and issues and revokes their access tokens. Includes an emulator of the service.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = 'Core', 'Desktop'
    DotNetFrameworkVersion = '4.7.2'
    TypesToProcess       = 'AcsIdentity.Types.ps1xml'
    FormatsToProcess     = 'AcsIdentity.Format.ps1xml'
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    CmdletsToExport      = 'Connect-AcsIdentity',
        'ConvertFrom-AcsToken',
        'Disconnect-AcsIdentity',
        'Get-AcsConnection',
        'Get-AcsEmulator',
        'Get-AcsEmulatorRequest',
        'Get-AcsIdentity',
        'Get-AcsTeamsExtensionAssignment',
        'Get-AcsToken',
        'Import-AcsIdentity',
        'New-AcsIdentity',
        'Remove-AcsIdentity',
        'Remove-AcsTeamsExtensionAssignment',
        'Reset-AcsEmulator',
        'Revoke-AcsToken',
        'Set-AcsTeamsExtensionAssignment',
        'Start-AcsEmulator',
        'Stop-AcsEmulator',
        'Test-AcsToken'
    PrivateData          = @{
        PSData = @{
            Tags       = 'Azure', 'CommunicationServices', 'ACS', 'Identity', 'AccessToken', 'Emulator', 'PSEdition_Core', 'PSEdition_Desktop'
            Prerelease   = ''
            ProjectUri   = 'https://github.com/AcsIdentity/AcsIdentity'
            LicenseUri   = 'https://github.com/AcsIdentity/AcsIdentity/blob/main/LICENSE'
            IconUri      = 'https://raw.githubusercontent.com/AcsIdentity/AcsIdentity/main/assets/icon.png'
            ReleaseNotes = 'https://github.com/AcsIdentity/AcsIdentity/blob/main/CHANGELOG.md'
        }
    }
}
