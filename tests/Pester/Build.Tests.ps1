# The parts of the build that run in PowerShell.
BeforeAll {
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
}

Describe 'Another PowerShell of the same kind' {
    It 'is started as <Kind>' -ForEach @(
        @{ Kind = 'an installed program'; Process = '/usr/bin/pwsh'; Command = '/usr/bin/pwsh' }
        @{ Kind = 'a preview under another name'; Process = '/opt/microsoft/powershell/7-preview/pwsh-preview'; Command = '/opt/microsoft/powershell/7-preview/pwsh-preview' }
        @{ Kind = 'Windows PowerShell'; Process = '/windows/powershell.exe'; Command = '/windows/powershell.exe' }
        @{ Kind = 'a .NET tool'; Process = '/usr/share/dotnet/dotnet'; Command = '/usr/share/dotnet/dotnet', '/home/pwsh.dll' }
        @{ Kind = 'a .NET tool on Windows'; Process = '/dotnet/dotnet.exe'; Command = '/dotnet/dotnet.exe', '/home/pwsh.dll' }
    ) {
        Get-PowerShellCommand -ProcessPath $Process -PowerShellHome '/home' | ForEach-Object { $_.Replace('\', '/') } | Should -Be $Command
    }

    It 'runs a script block from the same folder, with this environment, and returns its objects' {
        $saved = $env:PSModulePath, $env:NO_COLOR
        $env:PSModulePath = "$TestDrive$([IO.Path]::PathSeparator)$env:PSModulePath"
        $env:NO_COLOR = '1'
        try {
            $child = Invoke-PowerShellProcess -ArgumentList 'two words', 2 {
                [pscustomobject]@{ Home = $PSHOME; Version = "$($PSVersionTable.PSVersion)"; Arguments = $args; Modules = $env:PSModulePath; NoColor = $env:NO_COLOR }
            }
        }
        finally {
            $env:PSModulePath, $env:NO_COLOR = $saved
        }

        $child.Home | Should -Be $PSHOME
        $child.Version | Should -Be "$($PSVersionTable.PSVersion)"
        $child.Arguments | Should -Be 'two words', 2
        $child.Modules -split [IO.Path]::PathSeparator | Should -Contain "$TestDrive"
        $child.NoColor | Should -Be '1'
    }

    It 'runs a script file with its arguments' {
        Set-Content TestDrive:/script.ps1 'param($First, [switch] $Second) "$First $Second $PSHOME"'
        $start = Get-PowerShellStartInfo "$TestDrive/script.ps1" '-First', 'two "quoted\" words \\', '-Second'
        $start.RedirectStandardOutput = $true
        $process = [Diagnostics.Process]::Start($start)
        $process.StandardOutput.ReadToEnd().Trim() | Should -Be "two `"quoted\`" words \\ True $PSHOME"
        $process.WaitForExit()
    }

    It 'runs an out-of-process runspace' {
        $session = [runspacefactory]::CreateOutOfProcessRunspace($null, (Get-PowerShellProcessInstance))
        $session.Open()
        try {
            $shell = [powershell]::Create()
            $shell.Runspace = $session
            $shell.AddScript('$PSHOME').Invoke() | Should -Be $PSHOME
        }
        finally {
            $session.Dispose()
        }
    }
}

Describe 'A module that the build needs' {
    BeforeAll {
        if ($PSEdition -eq 'Desktop') {
            return
        }

        # The build's functions, with feeds and a tools folder that the test makes up.
        $root = (Resolve-Path "$PSScriptRoot/../..").Path
        $artifacts = "$TestDrive/artifacts"
        $messages = [Collections.Generic.List[string]]::new()
        function Write-Step([string] $Message) { $messages.Add($Message) }
        . $root/build/Dependencies.ps1
        $pinned = [version]$versions.SelectSingleNode('//PesterVersion').InnerText
        $older = "$($pinned.Major).0.1"

        function Add-Version([string] $Version) {
            $folder = (New-Item -ItemType Directory -Force "$artifacts/tools/Pester/$Version").FullName
            Set-Content "$folder/Pester.psd1" "@{ ModuleVersion = '$Version' }"
        }

        function Save-NuGetModule([string] $Name, [string] $Version) {
            # NuGet gives the exact version for [x.y.z], and the newest one for x.*.
            foreach ($offered in $nuget) {
                if ($Version -in "[$offered]", "$($pinned.Major).*") { Add-Version $offered; return }
            }
        }

        # The gallery's client; like the real one it ends the script if the folder is missing.
        function Save-PSResource([string] $Name, [string] $Version, [string] $Path, [switch] $TrustRepository) {
            if (-not (Test-Path $Path)) { throw "Cannot find path '$Path' because it does not exist." }
            if ($Version -in $gallery) { Add-Version $Version }
        }
    }

    BeforeEach {
        $savedPath = $env:PSModulePath
        if ($PSEdition -eq 'Desktop') {
            Set-ItResult -Skipped -Because 'build.ps1 needs PowerShell 7.4'
        }

        $env:PSModulePath = ''
        $messages.Clear()
        Remove-Item -Recurse -Force $artifacts -ErrorAction Ignore
    }

    AfterEach { $env:PSModulePath = $savedPath }

    It 'comes from <From>' -ForEach @(
        @{ From = 'NuGet'; NuGet = 'pinned'; Gallery = @() }
        @{ From = 'the gallery, if NuGet lacks the pinned version'; NuGet = 'older'; Gallery = 'pinned' }
    ) {
        $nuget, $gallery = $NuGet, $Gallery | ForEach-Object { , @($_ -replace 'pinned', "$pinned" -replace 'older', $older) }
        (Restore-PSModule Pester).Version | Should -Be $pinned
        $messages | Should -Be "Restoring Pester $pinned."
        $messages.Clear()
        (Restore-PSModule Pester).Version | Should -Be $pinned
        $messages | Should -BeNullOrEmpty -Because 'it is restored already'
    }

    It 'is the newest of the same major version, with a message, if no feed has the pinned one' {
        $nuget, $gallery = @($older), @()
        (Restore-PSModule Pester).Version | Should -Be $older
        $messages[-1] | Should -Be "Pester $pinned is in no feed at hand: using Pester $older."
    }

    It 'is missing, with a message, if no feed has it' {
        $nuget, $gallery = @(), @()
        Add-Version "$($pinned.Major + 1).0.0"
        Restore-PSModule Pester | Should -BeNullOrEmpty
        $messages[-1] | Should -Be "Pester $pinned is neither on this machine, nor on NuGet, nor in the gallery."
    }
}
