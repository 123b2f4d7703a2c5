# The ledger of a connection: -Ledger, -LedgerConnectionString and ACS_IDENTITY_LEDGER.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
    $emulator = Start-AcsEmulator
    $connectionString = $emulator.GetConnectionString()
}

AfterAll {
    Stop-AcsEmulator
}

Describe 'The ledger of a connection' {
    BeforeEach {
        $file = Join-Path $TestDrive "$(New-Guid).db"
    }

    AfterEach {
        Disconnect-AcsIdentity
        Disconnect-AcsIdentity *
        $env:ACS_IDENTITY_LEDGER = $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $null
        Set-Location $PSScriptRoot
    }

    It 'is a file that Connect-AcsIdentity makes' {
        (Connect-AcsIdentity $connectionString -Ledger $file).Ledger | Should -Be $file
        $file | Should -Exist
        Get-AcsConnection | Out-String | Should -BeLike "*Ledger*: $file*"
    }

    It 'is none unless it is given' {
        (Connect-AcsIdentity $connectionString).Ledger | Should -BeNullOrEmpty
        Get-AcsConnection | Out-String | Should -Not -BeLike '*Ledger*'
    }

    It 'is a path of the current location, or of a drive of PowerShell' {
        Set-Location $TestDrive
        (Connect-AcsIdentity $connectionString -Ledger ./here.db).Ledger | Should -Be (Join-Path $TestDrive here.db)
        (Connect-AcsIdentity $connectionString -Ledger TestDrive:\drive.db).Ledger | Should -Be (Join-Path $TestDrive drive.db)
        Join-Path $TestDrive drive.db | Should -Exist
    }

    It 'stays with a connection that gets a name' {
        (Connect-AcsIdentity $connectionString -Ledger $file -Name prod).Ledger | Should -Be $file
        (Get-AcsConnection prod).Ledger | Should -Be $file
    }

    It 'comes from the environment for <Name>, and is not opened before its first use' -ForEach @(
        @{ Name = 'a connection string'; Open = { Connect-AcsIdentity $connectionString } }
        @{ Name = '-Emulator'; Open = { Connect-AcsIdentity -Emulator } }
        @{ Name = 'an Entra credential'; Open = { Connect-AcsIdentity -Endpoint https://r.communication.azure.com } }
        @{ Name = 'an access key'; Open = { Connect-AcsIdentity -Endpoint $emulator.Endpoint -AccessKey (ConvertTo-SecureString c2VjcmV0 -AsPlainText -Force) } }
        @{ Name = 'the connection of the environment'; Open = { $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $connectionString; Connect-AcsIdentity } }
        @{ Name = 'a connection without Connect-AcsIdentity'; Open = { $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $connectionString; Get-AcsConnection } }
    ) {
        $env:ACS_IDENTITY_LEDGER = $file
        (& $Open).Ledger | Should -Be $file
        $file | Should -Not -Exist
    }

    It 'comes from -Ledger if both name one, even if the variable is not valid' -ForEach @(
        @{ Open = { Connect-AcsIdentity $connectionString -Ledger $file } }
        @{ Open = { $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $connectionString; Connect-AcsIdentity -Ledger $file } }
    ) {
        $env:ACS_IDENTITY_LEDGER = 'relative.db'
        (& $Open).Ledger | Should -Be $file
    }

    It 'changes with the variable' {
        $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $connectionString
        (Get-AcsConnection).Ledger | Should -BeNullOrEmpty
        $env:ACS_IDENTITY_LEDGER = $file
        (Get-AcsConnection).Ledger | Should -Be $file
        $env:ACS_IDENTITY_LEDGER = "$file.2"
        (Get-AcsConnection).Ledger | Should -Be "$file.2"
    }

    It 'must be named by a full path in the variable: <Run>' -ForEach @(
        @{ Run = { Connect-AcsIdentity -Emulator } }
        @{ Run = { $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $connectionString; Get-AcsConnection } }
        @{ Run = { $env:COMMUNICATION_SERVICES_CONNECTION_STRING = $connectionString; New-AcsIdentity } }
    ) {
        $env:ACS_IDENTITY_LEDGER = 'relative.db'
        $failure = $Run | Should -Throw -ErrorId 'AcsInvalidLedger,*' -ExpectedMessage 'environment variable ACS_IDENTITY_LEDGER: *full*' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        { New-AcsIdentity -Connection $connectionString } | Should -Throw -ExpectedMessage '*environment variable ACS_IDENTITY_LEDGER: *full*'
    }

    It 'cannot be <Name>, and nothing is connected' -ForEach @(
        @{ Name = 'empty'; Ledger = ''; Message = '-Ledger: *empty*' }
        @{ Name = 'null'; Ledger = $null; Message = '-Ledger: *empty*' }
        @{ Name = 'a storage connection string'; Ledger = 'AccountName=a;AccountKey=c2VjcmV0IGtleQ=='; Message = '-Ledger: *-LedgerConnectionString*' }
        @{ Name = 'an address with a signature'; Ledger = 'https://a.table.core.windows.net/acs?sig=c2VjcmV0IGtleQ'; Message = '-Ledger: *query*' }
        @{ Name = 'an address with a user name'; Ledger = 'https://user:c2VjcmV0@a.table.core.windows.net/acs'; Message = '-Ledger: *user name*' }
        @{ Name = 'an address with a fragment'; Ledger = 'https://a.table.core.windows.net/acs#c2VjcmV0'; Message = '-Ledger: *fragment*' }
        @{ Name = 'an address without a table'; Ledger = 'https://a.table.core.windows.net'; Message = '-Ledger: *name of a table*' }
        @{ Name = 'http on another machine'; Ledger = 'http://a.table.core.windows.net/acs'; Message = '-Ledger: *Use https*' }
        @{ Name = 'a table without a credential for it'; Ledger = 'https://a.table.core.windows.net/acs'; Message = '-Ledger: *access key is for Communication Services only*' }
        @{ Name = 'a path of another provider'; Ledger = 'env:acs.db'; Message = '-Ledger: *Environment*' }
        @{ Name = 'a path of no drive'; Ledger = 'nowhere:acs.db'; Message = '-Ledger: *nowhere*' }
        @{ Name = 'a folder'; Ledger = '.'; Message = '*: *folder*' }
        @{ Name = 'a file in a folder that does not exist'; Ledger = './none/acs.db'; Message = '*acs.db: *folder does not exist*' }
    ) {
        Set-Location $TestDrive
        $failure = { Connect-AcsIdentity $connectionString -Ledger $Ledger } | Should -Throw -ErrorId 'AcsInvalidLedger,*' -ExpectedMessage $Message -PassThru
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $failure | Format-List * -Force | Out-String | Should -Not -BeLike '*c2VjcmV0*'
        Get-AcsConnection | Should -BeNullOrEmpty
    }

    It 'must be writable' {
        if (-not $IsLinux) { Set-ItResult -Skipped -Because 'only Linux has a folder in which nobody can write' }
        $failure = { Connect-AcsIdentity $connectionString -Ledger /proc/acs.db } | Should -Throw -ErrorId 'AcsLedgerFailed,*' -ExpectedMessage '/proc/acs.db: *' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        $failure.TargetObject | Should -Be /proc/acs.db
        Get-AcsConnection | Should -BeNullOrEmpty
    }

    It 'has a connection string only if it is a table: <Name>' -ForEach @(
        @{ Name = 'no ledger'; With = @{}; Message = '-LedgerConnectionString: *needs the address of a table*' }
        @{ Name = 'a file'; With = @{ Ledger = './acs.db' }; Message = '-LedgerConnectionString: *-Ledger names a file*' }
        @{ Name = 'a file in the variable'; With = @{}; Variable = '/srv/acs.db'; Message = '-LedgerConnectionString: *ACS_IDENTITY_LEDGER names a file*' }
    ) {
        $env:ACS_IDENTITY_LEDGER = $Variable
        Set-Location $TestDrive
        { Connect-AcsIdentity $connectionString @With -LedgerConnectionString 'UseDevelopmentStorage=true' } |
            Should -Throw -ErrorId 'AcsInvalidLedger,*' -ExpectedMessage $Message
        './acs.db' | Should -Not -Exist
    }

    It 'has the connection string of its storage account: <Name>' -ForEach @(
        @{ Name = 'no other text'; Text = 'c2VjcmV0IGtleQ=='; Message = '-Ledger with -LedgerConnectionString: *not valid*' }
        @{ Name = 'no other account'; Text = 'AccountName=b;AccountKey=c2VjcmV0IGtleQ==;EndpointSuffix=core.windows.net'; Message = '-Ledger with -LedgerConnectionString: *another storage account*' }
    ) {
        $failure = { Connect-AcsIdentity $connectionString -Ledger https://a.table.core.windows.net/acs -LedgerConnectionString $Text } |
            Should -Throw -ErrorId 'AcsInvalidLedger,*' -ExpectedMessage $Message -PassThru
        $failure | Format-List * -Force | Out-String | Should -Not -BeLike '*c2VjcmV0*'
    }

    It 'in a table has no key of its own in the environment, so it needs a credential' {
        $env:ACS_IDENTITY_LEDGER = 'https://a.table.core.windows.net/acs'
        { Connect-AcsIdentity $connectionString } | Should -Throw -ErrorId 'AcsInvalidLedger,*' -ExpectedMessage 'environment variable ACS_IDENTITY_LEDGER: *access key is for Communication Services only*'
        (Connect-AcsIdentity -Endpoint https://r.communication.azure.com).Ledger | Should -Be $env:ACS_IDENTITY_LEDGER
        (Connect-AcsIdentity $connectionString -LedgerConnectionString 'AccountName=a;AccountKey=c2VjcmV0IGtleQ==;EndpointSuffix=core.windows.net').Ledger |
            Should -Be $env:ACS_IDENTITY_LEDGER
    }

    It 'has no empty connection string' {
        { Connect-AcsIdentity $connectionString -Ledger https://a.table.core.windows.net/acs -LedgerConnectionString $env:ACSIDENTITY_NOT_SET } |
            Should -Throw -ErrorId 'AcsInvalidLedger,*' -ExpectedMessage '-LedgerConnectionString: *empty*'
    }

    It 'loads its libraries only if there is one' {
        $lines = Invoke-PowerShellProcess {
            $libraries = '^(AcsIdentity\.Ledger|Microsoft\.Data\.Sqlite|SQLitePCLRaw.*|Azure\.Data\.Tables)$'
            function Get-Loaded { ([AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetName().Name } | Where-Object { $_ -match $libraries } | Sort-Object) -join ' ' }
            Import-Module $env:ACSIDENTITY_MODULE_PATH
            [void](Connect-AcsIdentity -Emulator)
            New-AcsIdentity -Scope chat | Get-AcsToken -Scope voip | Revoke-AcsToken -PassThru | Remove-AcsIdentity -Force
            Get-AcsIdentity
            "without: $(Get-Loaded)"
            $file = [IO.Path]::GetTempFileName()
            [void](Connect-AcsIdentity -Emulator -Ledger $file)
            "with: $(Get-Loaded)"
            # Windows PowerShell has no load contexts.
            if ($PSEdition -eq 'Core') {
                [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | Where-Object { $_.GetName().Name -match $libraries } | ForEach-Object { "default: $_" }
            }
            Remove-Item "$file*"
        }
        $lines[0] | Should -Be 'without: '
        $lines[1] | Should -BeLike 'with: AcsIdentity.Ledger Microsoft.Data.Sqlite SQLitePCLRaw*'
        $lines[1] | Should -Not -BeLike '*Tables*'
        $lines | Should -HaveCount 2
    }
}
