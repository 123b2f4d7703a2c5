# What the tasks need from the feeds: the client library to link, and PowerShell modules. Dot-sourced by build.ps1.

$versions = [xml](Get-Content -Raw (Join-Path $root 'Directory.Packages.props'))

<#
.SYNOPSIS
Returns package or standin: which client library the build links.
#>
function Get-AzureSdk {
    $sdk = $env:AzureSdk
    if (-not $sdk) {
        & dotnet restore (Join-Path $root 'build/AzureSdk.csproj') --verbosity quiet *> $null
        $sdk = if ($LASTEXITCODE -eq 0) { 'package' } else { 'standin' }
    }

    $name = if ($sdk -eq 'package') { 'Microsoft''s package Azure.Communication.Identity' } else { 'the stand-in for Azure.Communication.Identity' }
    Write-Step "Linking $name."
    $sdk
}

<#
.SYNOPSIS
Returns the PowerShell module in the version that Directory.Packages.props pins; nothing if it cannot be had.
.DESCRIPTION
Takes it from the machine, else from NuGet, else from the gallery. If none of them has the pinned version, takes the
newest one of the same major version.
#>
function Restore-PSModule([string] $Name) {
    $pinned = [version]$versions.SelectSingleNode("//$($Name)Version").InnerText
    $tools = Join-Path $artifacts 'tools'
    if ($env:PSModulePath -notlike "$tools*") {
        $env:PSModulePath = $tools + [IO.Path]::PathSeparator + $env:PSModulePath
    }

    $exact = { Get-Module -ListAvailable $Name | Where-Object Version -EQ $pinned | Select-Object -First 1 }
    $near = { Get-Module -ListAvailable $Name | Where-Object { $_.Version.Major -eq $pinned.Major } | Sort-Object Version -Descending | Select-Object -First 1 }

    if ($module = & $exact) {
        return $module
    }

    Write-Step "Restoring $Name $pinned."
    Save-NuGetModule $Name "[$pinned]"
    if (-not ($module = & $exact)) {
        Save-GalleryModule $Name $pinned
        $module = & $exact
    }

    if (-not $module) {
        Save-NuGetModule $Name "$($pinned.Major).*"
        if ($module = & $near) {
            Write-Step "$Name $pinned is in no feed at hand: using $Name $($module.Version)."
        }
        else {
            Write-Step "$Name $pinned is neither on this machine, nor on NuGet, nor in the gallery."
        }
    }

    $module
}

function Save-NuGetModule([string] $Name, [string] $Version) {
    & dotnet build (Join-Path $root 'build/PowerShellModule.csproj') "-p:ModuleName=$Name" "-p:ModuleVersion=$Version" --verbosity quiet -nologo *> $null
}

function Save-GalleryModule([string] $Name, [string] $Version) {
    if (Get-Command Save-PSResource -ErrorAction Ignore) {
        # Save-PSResource ends the script, whatever its ErrorAction, if the folder is missing.
        New-Item -ItemType Directory -Force $tools | Out-Null
        Save-PSResource $Name -Version $Version -Path $tools -TrustRepository -ErrorAction SilentlyContinue
    }
}
