# The native code of the packed module: each platform runs its own, and all others the IL.
BeforeDiscovery {
    $system = if ($env:OS -eq 'Windows_NT') { 'win' } elseif ($PSVersionTable.Platform -eq 'Unix' -and (Get-Variable IsMacOS -ValueOnly)) { 'osx' } else { 'linux' }
    $native = "net$([Environment]::Version.Major).0-$system-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
}

BeforeAll {
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
    $module = Split-Path $env:ACSIDENTITY_MODULE_PATH

    # Returns a copy of what the module needs to run, without the native code of this platform.
    function Copy-Module([string] $Native) {
        $copy = Join-Path $TestDrive "$(New-Guid)/AcsIdentity"
        [void](New-Item -ItemType Directory $copy)
        Get-ChildItem $module | Where-Object Name -Match "^(.*\.(psd1|ps1xml|dll)|Core|net.*)$" | Where-Object Name -NE $Native | Copy-Item -Destination $copy -Recurse
        $copy
    }

    # Returns for which system and processor an assembly has native code, and the id of the build that it is from.
    function Read-Image([string] $Path) {
        $image = [Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead($Path))
        try {
            $metadata = [Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($image)
            [pscustomobject]@{ Machine = [int]$image.PEHeaders.CoffHeader.Machine; Build = $metadata.GetGuid($metadata.GetModuleDefinition().Mvid) }
        }
        finally {
            $image.Dispose()
        }
    }

    # Uses the module in a process of its own. Returns the folder of the loaded AcsIdentity.dll, and which of its methods were compiled at run time.
    function Measure-Compilation([string] $Folder) {
        $file = Join-Path $TestDrive "$(New-Guid).txt"
        $env:DOTNET_JitStdOutFile = $file
        $env:DOTNET_JitDisasmSummary = 1
        try {
            $location = Invoke-PowerShellProcess -ArgumentList (Join-Path $Folder AcsIdentity.psd1) {
                param($manifest)
                $ErrorActionPreference = 'Stop'
                Import-Module $manifest
                $connection = Connect-AcsIdentity -Emulator
                $identity = New-AcsIdentity -Scope chat
                [void]($identity | Get-AcsToken -Scope voip)
                $identity | Revoke-AcsToken
                $identity | Remove-AcsIdentity -Force
                Split-Path -Leaf (Split-Path $connection.GetType().Assembly.Location)
            }
        }
        finally {
            $env:DOTNET_JitStdOutFile = $env:DOTNET_JitDisasmSummary = $null
        }

        # The startup assembly has IL only. No assembly may hold code of a generic type over .NET's own value types, such as Guid.
        # Tier1 is code that runs often, compiled again.
        $compiled = Select-String -Path $file -Pattern 'JIT compiled (AcsIdentity\.(?!Startup)\S+).*\[(?!Tier1)' | ForEach-Object { $_.Matches[0].Groups[1].Value } |
            Where-Object { $_ -notmatch '`\d\[System\.(?!__Canon)' }
        [pscustomobject]@{ Folder = $location; Compiled = @($compiled) }
    }
}

Describe 'Native code' {
    It 'is in the package for each platform, beside the same IL' -Skip:($PSEdition -eq 'Desktop') {
        if ($env:COVERAGE_MODULE) {
            Set-ItResult -Skipped -Because 'coverage is measured in the IL'
        }

        # The values of the PE format; .NET adds the system by XOR (Linux 7B79, macOS 4644).
        foreach ($target in @{ Platform = 'win-x64'; Machine = 0x8664 }, @{ Platform = 'linux-x64'; Machine = 0x8664 -bxor 0x7b79 }, @{ Platform = 'osx-arm64'; Machine = 0xaa64 -bxor 0x4644 }) {
            $folder = Join-Path $module "net10.0-$($target.Platform)"
            if (-not (Test-Path $folder) -and -not $env:REQUIRE_PESTER) {
                Set-ItResult -Skipped -Because "no feed at hand had its compiler for $($target.Platform)"
            }

            $core = Join-Path $module Core
            $files = Get-ChildItem $core -Recurse -File | ForEach-Object { $_.FullName.Substring($core.Length) }
            Get-ChildItem $folder -Recurse -File | ForEach-Object { $_.FullName.Substring($folder.Length) } | Sort-Object | Should -Be ($files | Sort-Object)
            foreach ($file in $files) {
                $native = Read-Image "$folder$file"
                $native.Machine | Should -Be $target.Machine -Because "$($target.Platform)$file"
                # Else .NET would not take the loaded assembly for the one that PowerShell loads.
                $native.Build | Should -Be (Read-Image "$core$file").Build -Because $file
            }
        }
    }

    Context 'on this platform' -Skip:($PSEdition -eq 'Desktop' -or -not (Test-Path (Join-Path (Split-Path $env:ACSIDENTITY_MODULE_PATH) $native))) -ForEach @{ Native = $native } {
        It 'is used: no method of the module is compiled at the start' {
            $used = Measure-Compilation $module
            $used.Folder | Should -Be $native
            $used.Compiled | Should -BeNullOrEmpty
        }

        It 'is not needed: on a platform without its own the IL runs' {
            # Images of other platforms are there. .NET refuses to load one.
            $used = Measure-Compilation (Copy-Module $native)
            $used.Folder | Should -Be Core
            $used.Compiled.Count | Should -BeGreaterThan 100
        }

        It 'that is damaged does no harm: the IL in the folder Core runs' {
            $copy = Copy-Module $native
            [void](New-Item -ItemType Directory (Join-Path $copy $native))
            [IO.File]::WriteAllText((Join-Path $copy "$native/AcsIdentity.dll"), 'damaged')
            (Measure-Compilation $copy).Folder | Should -Be Core
        }
    }
}
