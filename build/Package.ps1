# Makes the packages: the module for Install-PSResource, the emulator as a .NET tool. Dot-sourced by build.ps1.

$packages = Join-Path $artifacts 'packages'

# The platforms whose packed assemblies have native code beside the IL. All others run the IL.
$nativePlatforms = 'win-x64', 'linux-x64', 'osx-arm64'

<#
.SYNOPSIS
Makes both packages, their checksums and the release notes in artifacts/packages.
#>
function Invoke-Package([switch] $ILOnly) {
    Clear-Folder $packages
    Write-ModulePackage -ILOnly:$ILOnly
    Write-EmulatorPackage
    $files = Get-ChildItem $packages -Filter *.nupkg
    $sums = $files | ForEach-Object { "$((Get-FileHash $_ -Algorithm SHA256).Hash.ToLowerInvariant())  $($_.Name)`n" }
    [IO.File]::WriteAllText((Join-Path $packages 'SHA256SUMS'), -join $sums)
    $version = $files[0].BaseName -replace '^[^.]+\.'
    [IO.File]::WriteAllText((Join-Path $packages 'release-notes.md'), (Get-ReleaseNote $version))
    $files | ForEach-Object { Write-Step "Packed $($_.FullName)" }
}

# Returns the section of the version in CHANGELOG.md. Before a release it is called Unreleased.
function Get-ReleaseNote([string] $Version) {
    $sections = [IO.File]::ReadAllText((Join-Path $root 'CHANGELOG.md')) -split '(?m)^## ' | Select-Object -Skip 1
    $section = @($sections | Where-Object { $_.StartsWith("[$Version]") }) + @($sections | Where-Object { $_.StartsWith('[Unreleased]') }) | Select-Object -First 1
    ($section -split '\n', 2)[1].Trim() + "`n"
}

# Adds native code and the third-party notices to the built module, and packs it.
function Write-ModulePackage([switch] $ILOnly) {
    $staged = Join-Path $artifacts 'staged/AcsIdentity'
    Clear-Folder $staged
    $sources = Read-FileSource
    foreach ($file in $sources.Keys) {
        $target = Join-Path $staged $file
        [void](New-Item -ItemType Directory -Force (Split-Path $target))
        Copy-Item (Join-Path $module $file) $target
    }

    if (-not $ILOnly) { Add-NativeCode $staged }
    Write-ThirdPartyNotice ($sources.Values | Where-Object { $_ }) (Join-Path $staged 'THIRD-PARTY-NOTICES.txt')
    Use-PackageRepository { param($repository) Publish-PSResource $staged -Repository $repository }
    ConvertTo-StablePackage (Get-Item (Join-Path $packages 'AcsIdentity.*.nupkg'))
}

<#
.SYNOPSIS
Adds a folder for each platform, such as net10.0-win-x64: the assemblies of the folder Core, compiled ahead of time.
.DESCRIPTION
src/AcsIdentity.Startup chooses the folder. Without it nothing but the start is slower, so a feed that has no compiler is not
an error here; a test fails if a package that must be whole is not.
#>
function Add-NativeCode([string] $Folder) {
    $project = Join-Path $root 'build/ReadyToRun.csproj'
    $framework = ([xml](Get-Content -Raw $project)).SelectSingleNode('//TargetFramework').InnerText
    foreach ($platform in $nativePlatforms) {
        & dotnet restore $project "-p:RuntimeIdentifier=$platform" --verbosity quiet *> $null
        if ($LASTEXITCODE -ne 0) {
            Write-Step "No feed at hand has the compiler of native code for $platform`: the package has none, and starts slower there."
            continue
        }

        $target = Join-Path $Folder "$framework-$platform"
        Invoke-Dotnet publish $project --no-restore --verbosity quiet -nologo "-p:RuntimeIdentifier=$platform" "-p:PublishDir=$target/"
    }
}

function Write-EmulatorPackage {
    $project = Join-Path $root 'src/AcsIdentity.Emulator.Server'
    $built = Join-Path $artifacts 'bin/AcsIdentity.Emulator.Server/release'
    $dependencies = Get-Content -Raw (Join-Path $built 'AcsIdentity.Emulator.Server.deps.json') | ConvertFrom-Json -AsHashtable
    $libraries = $dependencies.libraries.Keys | Where-Object { $dependencies.libraries[$_].type -eq 'package' }
    $notices = Join-Path $artifacts 'staged/acs-emulator/THIRD-PARTY-NOTICES.txt'
    Clear-Folder (Split-Path $notices)
    Write-ThirdPartyNotice $libraries $notices

    Invoke-Dotnet pack $project --no-build --configuration Release --output $packages --verbosity quiet -nologo "-p:ThirdPartyNotices=$notices"
    ConvertTo-StablePackage (Get-Item (Join-Path $packages 'acs-emulator.*.nupkg'))
}

<#
.SYNOPSIS
Returns a table of the module's files: the package of each, as id/version, or nothing for a file of this project.
.DESCRIPTION
The build writes it to artifacts/sources. A file that an earlier build left in the module is not in it.
#>
function Read-FileSource {
    $sources = @{}
    foreach ($row in Get-Item (Join-Path $artifacts 'sources/*.csv') | Import-Csv -Header File, Id, Version) {
        $package = if ($row.Id -and $row.Id -notlike 'AcsIdentity*') { "$($row.Id)/$($row.Version)" } else { '' }
        if (-not $sources.ContainsKey($row.File)) {
            $sources[$row.File] = $package
        }
        elseif ($sources[$row.File] -ne $package) {
            throw "$($row.File) is from $($sources[$row.File]) and from $package."
        }
    }

    $sources
}

<#
.SYNOPSIS
Writes the license of each package (id/version): the text that the package contains, else the standard text of its license
expression.
#>
function Write-ThirdPartyNotice([string[]] $Package, [string] $Path) {
    $cache = (& dotnet nuget locals global-packages --list) -replace '^global-packages: '
    # Many packages have the same text. It stands once, after their names.
    $names = [ordered]@{}
    foreach ($name in $Package | Sort-Object -Unique) {
        $id, $version = $name -split '/'
        $folder = Join-Path $cache $id.ToLowerInvariant() $version
        $metadata = ([xml](Get-Content -Raw (Join-Path $folder "$($id.ToLowerInvariant()).nuspec"))).SelectSingleNode('/*/*[local-name()="metadata"]')
        $field = { param($field) $metadata.SelectNodes("*[local-name()='$field']") | ForEach-Object InnerText }
        $license = & $field license
        $standard = Join-Path $root "build/licenses/$license.txt"
        $own = Get-ChildItem $folder -File | Where-Object Name -Match '^license(\.txt|\.md)?$' | Select-Object -First 1
        $text = if ($own) {
            Get-Content -Raw $own
        }
        elseif ($license -and (Test-Path $standard)) {
            $copyright = & $field copyright
            if ($null -eq $copyright) { $copyright = "Copyright (c) $(& $field authors)" }
            (Get-Content -Raw $standard).Replace('<copyright>', $copyright)
        }
        else {
            throw "The license of $id $version is not known. Add its text to build/licenses."
        }

        $names[$text.Trim()] += @("$id $version")
        if ($notices = Get-ChildItem $folder -File | Where-Object Name -EQ 'THIRD-PARTY-NOTICES.TXT') {
            $names[(Get-Content -Raw $notices).Trim()] += @("Third-party notices of $id $version")
        }
    }

    $line = "`n`n$('=' * 78)`n"
    $sections = $names.Keys | ForEach-Object { "$($names[$_] -join "`n")`n`n$_" }
    $text = "The packages below are included, under their licenses.$line$($sections -join $line)`n"
    [IO.File]::WriteAllText($Path, $text.Replace("`r", ''))
}

<#
.SYNOPSIS
Rewrites a package so that the same content gives the same bytes.
.DESCRIPTION
NuGet's writer puts in the time, the operating system and random names, and lists files in the order of the disk.
#>
function ConvertTo-StablePackage([string] $Path) {
    $entries = [Collections.Generic.SortedDictionary[string, byte[]]]::new([StringComparer]::Ordinal)
    $archive = [IO.Compression.ZipFile]::OpenRead($Path)
    try {
        foreach ($entry in $archive.Entries | Where-Object { -not $_.FullName.EndsWith('/') }) {
            $stream = $entry.Open()
            $content = [IO.MemoryStream]::new()
            $stream.CopyTo($content)
            $stream.Dispose()
            $name = $entry.FullName -replace '[^/]+\.psmdcp$', 'properties.psmdcp'
            $entries[$name] = switch -Wildcard ($name) {
                '*.psmdcp' { Edit-Xml $content { param($xml) $xml.coreProperties.SelectSingleNode('*[local-name()="lastModifiedBy"]').InnerText = 'AcsIdentity' } }
                '_rels/.rels' { Edit-Xml $content { param($xml) Edit-Relationship $xml } }
                '`[Content_Types`].xml' { Edit-Xml $content { param($xml) Edit-ChildOrder $xml.DocumentElement } }
                default { $content.ToArray() }
            }
        }
    }
    finally {
        $archive.Dispose()
    }

    Remove-Item $Path
    $archive = [IO.Compression.ZipFile]::Open($Path, 'Create')
    try {
        foreach ($name in $entries.Keys) {
            $entry = $archive.CreateEntry($name, 'Optimal')
            # The first time that a zip file can hold.
            $entry.LastWriteTime = [datetimeoffset]::new(1980, 1, 1, 0, 0, 0, [timespan]::Zero)
            # The permissions would be those of the machine.
            $entry.ExternalAttributes = 0
            $stream = $entry.Open()
            $stream.Write($entries[$name])
            $stream.Dispose()
        }
    }
    finally {
        $archive.Dispose()
    }
}

function Edit-Xml([IO.MemoryStream] $Content, [scriptblock] $Edit) {
    $xml = [xml]::new()
    $Content.Position = 0
    $xml.Load($Content)
    & $Edit $xml
    , [Text.Encoding]::UTF8.GetBytes($xml.OuterXml)
}

function Edit-Relationship([xml] $Xml) {
    foreach ($relationship in $Xml.Relationships.Relationship) {
        $relationship.Target = $relationship.Target -replace '[^/]+\.psmdcp$', 'properties.psmdcp'
        $relationship.Id = 'R' + ($relationship.Type -split '/')[-1]
    }

    Edit-ChildOrder $Xml.DocumentElement
}

function Edit-ChildOrder([Xml.XmlElement] $Parent) {
    $children = @($Parent.ChildNodes | Sort-Object OuterXml -Culture '')
    $children | ForEach-Object { [void]$Parent.RemoveChild($_) }
    $children | ForEach-Object { [void]$Parent.AppendChild($_) }
}

<#
.SYNOPSIS
Installs the packed module from a folder repository into an empty folder.
#>
function Install-PackedModule {
    $target = Join-Path $artifacts 'installed'
    Clear-Folder $target
    Use-PackageRepository { param($repository) Save-PSResource AcsIdentity -Repository $repository -Prerelease -Path $target -TrustRepository }
}

# Returns the path of the installed module's manifest.
function Get-TestedModule {
    (Get-Item (Join-Path $artifacts 'installed/AcsIdentity/*/AcsIdentity.psd1')).FullName
}

# Runs a script block with the name of a repository for artifacts/packages. The user's list of repositories stays as it was.
function Use-PackageRepository([scriptblock] $Script) {
    $name = "AcsIdentity-$(New-Guid)"
    Register-PSResourceRepository $name $packages
    try {
        & $Script $name
    }
    finally {
        Unregister-PSResourceRepository $name
    }
}

function Clear-Folder([string] $Path) {
    if (Test-Path $Path) { Remove-Item -Recurse -Force $Path }
    [void](New-Item -ItemType Directory $Path)
}
