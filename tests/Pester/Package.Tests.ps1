# The packages as a user gets them: installed into an empty folder, used, and uninstalled.
BeforeAll {
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $packages = Join-Path $root 'artifacts/packages'

    # Reads a file of a package as text.
    function Read-PackedFile([string] $Package, [string] $Name) {
        $archive = [IO.Compression.ZipFile]::OpenRead((Get-Item (Join-Path $packages $Package)).FullName)
        try {
            [IO.StreamReader]::new(($archive.Entries | Where-Object FullName -EQ $Name).Open()).ReadToEnd()
        }
        finally {
            $archive.Dispose()
        }
    }

    # Runs a script block in a PowerShell whose user has no files yet. Windows knows its user folders without variables.
    function Invoke-NewUser([scriptblock] $Script, [object[]] $ArgumentList) {
        $saved = $env:HOME, $env:XDG_DATA_HOME, $env:PSModulePath
        $env:HOME = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        $env:XDG_DATA_HOME = $env:PSModulePath = ''
        try {
            Invoke-PowerShellProcess $Script $ArgumentList
        }
        finally {
            $env:HOME, $env:XDG_DATA_HOME, $env:PSModulePath = $saved
        }
    }
}

Describe 'The package of the module' {
    It 'is installed, runs the quickstart, and is uninstalled' {
        if ($PSEdition -eq 'Desktop') {
            Set-ItResult -Skipped -Because 'Windows PowerShell has no Install-PSResource'
        }

        if ($env:OS -eq 'Windows_NT' -and -not $env:CI) {
            Set-ItResult -Skipped -Because 'it would install into the folders of this user'
        }

        $seen = Invoke-NewUser -ArgumentList $packages, (Join-Path $root 'samples/quickstart.ps1') {
            param($packages, $quickstart)
            $ErrorActionPreference = 'Stop'
            $before = @(Get-Module -ListAvailable AcsIdentity).Count
            Register-PSResourceRepository local $packages -Trusted
            Install-PSResource AcsIdentity -Repository local -Prerelease
            $found = Get-PSResource AcsIdentity
            $lines = & $quickstart -ModulePath AcsIdentity
            $example = (Get-Help New-AcsIdentity -Full).examples.example.Count
            $folder = (Get-Module AcsIdentity).ModuleBase
            Uninstall-PSResource AcsIdentity
            [pscustomobject]@{ Before = $before; Found = $found; Lines = $lines; Example = $example; Folder = $folder; After = @(Get-Module -ListAvailable AcsIdentity).Count; Left = Test-Path $folder }
        }
        $seen.Before | Should -Be 0
        $seen.Folder | Should -BeLike "*AcsIdentity*$($seen.Found.Version)"
        $seen.Lines[-1] | Should -Match '^Deleted the identity with ID: 8:acs:'
        $seen.Example | Should -BeGreaterThan 2
        $seen.After | Should -Be 0
        $seen.Left | Should -BeFalse
    }

    It 'tells the gallery what it shows' {
        $metadata = ([xml](Read-PackedFile 'AcsIdentity.*.nupkg' 'AcsIdentity.nuspec')).package.metadata
        foreach ($field in 'description', 'licenseUrl', 'projectUrl', 'iconUrl', 'releaseNotes', 'tags') {
            $metadata.$field | Should -Not -BeNullOrEmpty -Because $field
        }

        $metadata.tags -split ' ' | Should -Contain 'PSEdition_Desktop'
        # The addresses name files of this repository.
        foreach ($address in $metadata.licenseUrl, $metadata.iconUrl, $metadata.releaseNotes) {
            Join-Path $root ($address -replace '^.*/main/') | Should -Exist
        }
    }

    It 'does not list its files in the manifest: PowerShell would look for each one at every import' {
        (Test-ModuleManifest $env:ACSIDENTITY_MODULE_PATH).FileList | Should -BeNullOrEmpty
    }

    It 'has each file of the module, and no other' {
        $folder = Split-Path $env:ACSIDENTITY_MODULE_PATH
        # Coverage adds symbols. NativeCode.Tests.ps1 looks at the folders of native code.
        $files = Get-ChildItem $folder -Recurse -File | ForEach-Object { $_.FullName.Substring($folder.Length + 1) -replace '\\', '/' } | Where-Object { $_ -notmatch '\.pdb$|^net\d' }
        $built = Get-Item (Join-Path $root 'artifacts/sources/*.csv') | Import-Csv -Header File, Package, Version | ForEach-Object File
        $files | Sort-Object | Should -Be (@($built) + 'THIRD-PARTY-NOTICES.txt' | Sort-Object -Unique)
        $files | Should -Contain 'LICENSE'
    }

    It 'has the license of each library' {
        $notices = Get-Content -Raw (Join-Path (Split-Path $env:ACSIDENTITY_MODULE_PATH) 'THIRD-PARTY-NOTICES.txt')
        $names = $notices -split '\r?\n'
        $libraries = Get-ChildItem (Split-Path $env:ACSIDENTITY_MODULE_PATH) -Recurse -Include *.dll | Where-Object { $_.Name -notlike 'AcsIdentity*' -and $_.Name -ne 'e_sqlite3.dll' }
        foreach ($library in $libraries) {
            # The name of a package is that of its library, but for one.
            $package = $library.BaseName -replace '^(Microsoft\.Data\.Sqlite)$', '$1.Core'
            $names -match "^$([regex]::Escape($package)) \d" | Should -Not -BeNullOrEmpty -Because $package
        }

        $names -match '^SQLitePCLRaw\.lib\.e_sqlite3 \d' | Should -Not -BeNullOrEmpty
        $notices | Should -Match 'Apache License'
        $notices | Should -Match 'Permission is hereby granted'
    }
}

Describe 'The package of the emulator' {
    It 'is installed as a tool, answers, and is uninstalled' {
        $tools = "$TestDrive/tools"
        $version = (Get-Item (Join-Path $packages 'acs-emulator.*.nupkg')).BaseName -replace '^acs-emulator\.'
        & dotnet tool install acs-emulator --version $version --tool-path $tools --add-source $packages --no-cache 2>&1 | Out-String | Should -Match 'successfully installed'
        $start = Get-ProcessStartInfo (Get-Command "$tools/acs-emulator").Source '--port', '0'
        $start.RedirectStandardOutput = $true
        $process = [Diagnostics.Process]::Start($start)
        try {
            $endpoint = $process.StandardOutput.ReadLine() -replace '^.*endpoint=|;.*'
            (Invoke-RestMethod "${endpoint}emulator/identities").count | Should -Be 0
        }
        finally {
            Close-ProcessTree $process
            $process.WaitForExit()
        }

        & dotnet tool uninstall acs-emulator --tool-path $tools 2>&1 | Out-String | Should -Match 'successfully uninstalled'
        Get-ChildItem $tools -Filter acs-emulator* | Should -BeNullOrEmpty
    }

    It 'has a readme, an icon, and the license of each library' {
        Read-PackedFile 'acs-emulator.*.nupkg' 'README.md' | Should -Match 'acs-emulator --port'
        Read-PackedFile 'acs-emulator.*.nupkg' 'icon.png' | Should -Match 'PNG'
        Read-PackedFile 'acs-emulator.*.nupkg' 'THIRD-PARTY-NOTICES.txt' | Should -Match '(?m)^System\.CommandLine \d'
    }
}

Describe 'Packing' {
    BeforeEach {
        if ($PSEdition -eq 'Desktop') {
            Set-ItResult -Skipped -Because 'build.ps1 needs PowerShell 7.4'
        }
    }

    BeforeAll {
        # The build's functions, with folders that the test makes up.
        $artifacts = "$TestDrive/artifacts"
        . $root/build/Package.ps1
    }

    It 'gives the same bytes for the same content' {
        $first, $second = "$TestDrive/first.nupkg", "$TestDrive/second.nupkg"
        Copy-Item (Get-Item (Join-Path $root 'artifacts/packages/acs-emulator.*.nupkg')) $first
        # The same content as another machine may pack it, later and in another order.
        $archive = [IO.Compression.ZipFile]::OpenRead($first)
        $other = [IO.Compression.ZipFile]::Open($second, 'Create')
        foreach ($entry in $archive.Entries | Sort-Object FullName -Descending) {
            $id = (New-Guid).ToString('N')
            $copy = $other.CreateEntry(($entry.FullName -replace '\w+\.psmdcp$', "$id.psmdcp"))
            $source, $target = $entry.Open(), $copy.Open()
            if ($entry.FullName -eq '_rels/.rels') {
                $text = [IO.StreamReader]::new($source).ReadToEnd() -replace '\w+\.psmdcp', "$id.psmdcp" -replace 'Id="\w', '$0R2'
                $target.Write([Text.Encoding]::UTF8.GetBytes($text))
            }
            else {
                $source.CopyTo($target)
            }

            $source, $target | ForEach-Object Dispose
        }

        $archive.Dispose()
        $other.Dispose()
        ConvertTo-StablePackage $first
        ConvertTo-StablePackage $second
        (Get-FileHash $second).Hash | Should -Be (Get-FileHash $first).Hash
    }

    It 'refuses a package whose license is not known' {
        $folder = New-Item -ItemType Directory -Force "$TestDrive/cache/some.package/1.0.0"
        Set-Content "$folder/some.package.nuspec" '<package><metadata><license type="expression">Unheard-Of-1.0</license></metadata></package>'
        function dotnet { "global-packages: $TestDrive/cache/" }
        { Write-ThirdPartyNotice 'Some.Package/1.0.0' "$TestDrive/notices.txt" } | Should -Throw 'The license of Some.Package 1.0.0 is not known*'
    }

    It 'takes the release notes of the version from the changelog, and before its release those of Unreleased' {
        $root = "$TestDrive"
        Set-Content "$TestDrive/CHANGELOG.md" "# Changelog`n`n## [Unreleased]`n`n- new`n`n## [1.0.0] - 2026-01-02`n`n### Added`n- first`n`n## [0.9.0]`n- old"
        Get-ReleaseNote '1.0.0' | Should -Be "### Added`n- first`n"
        Get-ReleaseNote '1.1.0' | Should -Be "- new`n"
    }

    It 'takes the version and its label from the manifest' {
        $manifest = "$TestDrive/Other.psd1"
        Set-Content $manifest "@{`n    ModuleVersion = '3.2.1'`n    PrivateData = @{ PSData = @{ Prerelease = 'beta2' } }`n}"
        $project = Join-Path $root 'src/AcsIdentity/AcsIdentity.csproj'
        & dotnet msbuild $project -getProperty:PackageVersion "-p:ModuleManifest=$manifest" | Should -Be '3.2.1-beta2'
        & dotnet msbuild $project -getProperty:PackageVersion | Should -Not -Match '-$'
    }
}
