# The module in one process with other versions of its libraries, and imported in different ways.
BeforeDiscovery {
    $versions = [xml](Get-Content -Raw "$PSScriptRoot/../../Directory.Packages.props")
    $foreign = $versions.SelectNodes('//ForeignPackage') | ForEach-Object { @{ Package = $_.Include; Version = $_.Version } }
}

BeforeAll {
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
    . $PSScriptRoot/Support/EmulatorProgram.ps1
    $artifacts = (Resolve-Path "$PSScriptRoot/../../artifacts").Path

    # The new processes read these environment variables. They use the emulator program, because Entra tokens are sent
    # over HTTPS only.
    $certificate = Join-Path $TestDrive 'acs.pem'
    $emulator = Open-EmulatorProgram '--https-port', '0', '--certificate-path', $certificate
    $environment = @{ SSL_CERT_FILE = $certificate; ACSIDENTITY_PIPELINE = "$PSScriptRoot/Support/Invoke-Pipeline.ps1"; ACSIDENTITY_LEDGER_PIPELINE = "$PSScriptRoot/Support/Invoke-LedgerPipeline.ps1" }
    $emulator.Facts.Keys -like 'AZURE_*' | ForEach-Object { $environment[$_] = $emulator.Facts[$_] }
    $environment.GetEnumerator() | ForEach-Object { Set-Item "Env:$($_.Key)" $_.Value }
}

AfterAll {
    $environment.Keys | ForEach-Object { Remove-Item "Env:$_" }
    Close-EmulatorProgram $emulator
}

Describe 'With <Package> <Version> of another module' -ForEach $foreign {
    BeforeAll {
        # Windows PowerShell has one load context, and the foreign packages are built for .NET.
        if ($PSEdition -eq 'Desktop') {
            return
        }

        $assembly = [IO.Path]::GetFullPath("$artifacts/foreign/$Package-$Version/$Package.dll")
        if (-not (Test-Path $assembly)) {
            & dotnet build "$PSScriptRoot/../Isolation/Foreign.csproj" "-p:ForeignPackage=$Package" "-p:ForeignVersion=$Version" --verbosity quiet *> $null
        }
    }

    Context 'loaded <Order>' -ForEach @{ Order = 'first' }, @{ Order = 'last' } {
        BeforeAll {
            $outcome = if ($assembly -and (Test-Path $assembly)) {
                Invoke-PowerShellProcess -ArgumentList $Order, $assembly {
                    param($Order, $Assembly)
                    # Uses a type of the assembly, and returns the file that the type came from.
                    function Use-Foreign([string] $Assembly) {
                        [void][Reflection.Assembly]::LoadFrom($Assembly)
                        $object = switch ([IO.Path]::GetFileNameWithoutExtension($Assembly)) {
                            'Azure.Data.Tables' { [Azure.Data.Tables.TableClientOptions]::new() }
                            'Azure.Core' { [Azure.AzureKeyCredential]::new('key') }
                            'Microsoft.Data.Sqlite' {
                                $connection = [Microsoft.Data.Sqlite.SqliteConnection]::new('Data Source=:memory:')
                                $connection.Open()
                                $connection
                            }
                            'SQLitePCLRaw.core' { [SQLitePCL.raw] }
                            'Microsoft.Identity.Client' { [Microsoft.Identity.Client.PublicClientApplicationBuilder]::Create((New-Guid)).Build() }
                            'System.ClientModel' { [System.ClientModel.Primitives.ModelReaderWriterOptions]::new('J') }
                            'System.Text.Json' { [System.Text.Json.JsonSerializerOptions]::new() }
                        }
                        $(if ($object -is [type]) { $object } else { $object.GetType() }).Assembly.Location
                    }

                    if ($Order -eq 'first') {
                        [void](Use-Foreign $Assembly)
                    }

                    $emulated = & $env:ACSIDENTITY_PIPELINE
                    $signedIn = if ($IsLinux) { & $env:ACSIDENTITY_PIPELINE -Entra }
                    $recorded = & $env:ACSIDENTITY_LEDGER_PIPELINE
                    $used = Use-Foreign $Assembly
                    $loaded = [Runtime.Loader.AssemblyLoadContext]::All | ForEach-Object {
                        $context = $_.Name
                        $_.Assemblies | Where-Object { $_.Location.StartsWith((Split-Path $env:ACSIDENTITY_MODULE_PATH)) } | ForEach-Object { "$context $($_.GetName().Name)" }
                    }
                    [pscustomobject]@{ Emulated = $emulated; SignedIn = $signedIn; Recorded = $recorded; Used = $used; Loaded = $loaded }
                }
            }
        }

        BeforeEach {
            if ($PSEdition -eq 'Desktop') {
                Set-ItResult -Skipped -Because 'Windows PowerShell has no load contexts'
            }

            if (-not (Test-Path $assembly)) {
                Set-ItResult -Skipped -Because "no feed here has $Package $Version"
            }
        }

        It 'the pipeline runs' {
            $outcome.Emulated | Should -Be 3
        }

        It 'a ledger in a file works, and one in a table loads' {
            $outcome.Recorded[0] | Should -Be 3
            $outcome.Recorded[1] | Should -BeLike 'AcsLedgerFailed,*'
            foreach ($library in 'Microsoft.Data.Sqlite', 'SQLitePCLRaw.core', 'Azure.Data.Tables') {
                $outcome.Loaded | Should -Contain "AcsIdentity $library"
            }
        }

        # On other systems no environment variable makes .NET trust a certificate.
        It 'the pipeline runs with a sign-in to Entra ID' {
            if (-not $IsLinux) {
                Set-ItResult -Skipped -Because 'SSL_CERT_FILE makes a process trust a certificate on Linux only'
            }

            $outcome.SignedIn | Should -Be 3
            $outcome.Loaded | Should -Contain 'AcsIdentity Microsoft.Identity.Client'
        }

        It 'the other module gets the copy that it would get without AcsIdentity' {
            # If the platform has the assembly, the runtime returns the platform's copy instead of an older one.
            $platform = [AppContext]::GetData('TRUSTED_PLATFORM_ASSEMBLIES') -split [IO.Path]::PathSeparator |
                Where-Object { (Split-Path -Leaf $_) -eq "$Package.dll" } | Select-Object -First 1
            $outcome.Used | Should -Be $(if ($platform) { $platform } else { $assembly })
        }

        It 'AcsIdentity uses its own copies, and loads no library into the default load context' {
            $outcome.Loaded | Should -Contain 'AcsIdentity Azure.Core'
            $outcome.Loaded -like 'Default *' | Sort-Object | Should -Be 'Default AcsIdentity', 'Default AcsIdentity.Startup'
        }
    }
}

Describe 'Importing' {
    It 'works <Way>' -ForEach @(
        @{ Way = 'twice'; Pipelines = 2; Script = { & $env:ACSIDENTITY_PIPELINE; Import-Module $env:ACSIDENTITY_MODULE_PATH -Force; & $env:ACSIDENTITY_PIPELINE } }
        @{ Way = 'again after Remove-Module'; Pipelines = 2; Script = { & $env:ACSIDENTITY_PIPELINE; Remove-Module AcsIdentity; & $env:ACSIDENTITY_PIPELINE } }
        @{ Way = 'in ten runspaces at once'; Pipelines = 10; Script = { 1..10 | ForEach-Object -Parallel { & $using:env:ACSIDENTITY_PIPELINE } -ThrottleLimit 10 } }
        @{ Way = 'in Start-Job'; Pipelines = 1; Script = { Start-Job { & $using:env:ACSIDENTITY_PIPELINE } | Receive-Job -Wait -AutoRemoveJob } }
        @{ Way = 'in Start-ThreadJob'; Pipelines = 1; Script = { Start-ThreadJob { & $using:env:ACSIDENTITY_PIPELINE } | Receive-Job -Wait -AutoRemoveJob } }
    ) {
        if ($PSEdition -eq 'Desktop' -and "$Script" -match 'ForEach-Object -Parallel|Start-ThreadJob') {
            Set-ItResult -Skipped -Because 'Windows PowerShell has neither ForEach-Object -Parallel nor Start-ThreadJob'
        }

        Invoke-PowerShellProcess $Script | Should -Be (@(3) * $Pipelines)
    }
}
