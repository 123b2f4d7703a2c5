# Runs the code blocks of README.md and docs/, and checks their links and tables. CONTRIBUTING.md describes how a block is marked.

BeforeDiscovery {
    . $PSScriptRoot/Support/Markdown.ps1
    $root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
    $script:pages = Get-Page $root | ForEach-Object {
        $runnable = @(Read-CodeBlock $_.FullName | Where-Object { -not $_.NoRun -and -not $_.File } | ForEach-Object {
                @{ Line = $_.Line; First = ($_.Code -split '\n')[0]; Expected = $_.Expected }
            })
        @{ Name = $_.Page; Path = $_.FullName; Runnable = $runnable }
    }
    $script:linked = @($pages; Get-Item (Join-Path $root 'CONTRIBUTING.md'), (Join-Path $root 'CHANGELOG.md'), (Join-Path $root 'SECURITY.md'), (Join-Path $root 'docs/cmdlets/*.md') | ForEach-Object { @{ Name = $_.Name; Path = $_.FullName } })
}

BeforeAll {
    . $PSScriptRoot/Support/Markdown.ps1
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
    $root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path

    # Not $TestDrive: the pages run at the same time, and Pester removes new files there at the end of each Describe.
    $temporary = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "acs-docs-$(New-Guid)")).FullName

    # What the pages use, as links in the folder of each page. The module is the installed one.
    $links = @{
        'samples'                      = Join-Path $root 'samples'
        'artifacts/bin'                = Join-Path $root 'artifacts/bin'
        'artifacts/module/AcsIdentity' = Split-Path $env:ACSIDENTITY_MODULE_PATH
    }

    function Open-Page($File) {
        $folder = Join-Path $temporary ($File.Page -replace '/', '.')
        [void](New-Item -ItemType Directory (Join-Path $folder 'artifacts/module'))
        foreach ($name in $links.Keys) {
            [void](New-Item -ItemType $(if ($env:OS -eq 'Windows_NT') { 'Junction' } else { 'SymbolicLink' }) (Join-Path $folder $name) -Target $links[$name])
        }

        $resultPath = "$folder.json"
        $start = Get-PowerShellStartInfo (Join-Path $PSScriptRoot 'Support/Invoke-Page.ps1') '-PagePath', $File.FullName, '-Folder', $folder, '-ResultPath', $resultPath
        @{ Process = [Diagnostics.Process]::Start($start); Folder = $folder; ResultPath = $resultPath }
    }

    $runs = @{}
    Get-Page $root |
        Where-Object { $PSEdition -eq 'Core' -and (Read-CodeBlock $_.FullName | Where-Object { -not $_.NoRun }) } |
        ForEach-Object { $runs[$_.FullName] = Open-Page $_ }
}

AfterAll {
    foreach ($run in $runs.Values) {
        if (-not $run.Process.HasExited) {
            Close-ProcessTree $run.Process
        }

        # Delete() removes the link and not its target.
        $links.Keys | ForEach-Object { (Get-Item (Join-Path $run.Folder $_)).Delete() }
    }

    Remove-Item -Recurse -Force $temporary
}

Describe 'The code of <Name>' -ForEach $pages {
    BeforeAll {
        $results = @{}
        if ($run = $runs[$Path]) {
            # A page that hangs fails its own tests only.
            $hasEnded = $run.Process.WaitForExit(300000)
            Get-Content $run.ResultPath -Raw -ErrorAction Ignore | ConvertFrom-Json | ForEach-Object { $results[[int]$_.Line] = $_ }
        }
    }

    It 'is marked in a known way' {
        $blocks = @(Read-CodeBlock $Path)
        $blocks | Where-Object { $_.Words -and -not ($_.File -or $_.Setup -or $_.Background -or $_.NoRun) } | ForEach-Object { "line $($_.Line): $($_.Words)" } |
            Should -BeNullOrEmpty
        $blocks | Where-Object { -not ($_.File -or $_.NoRun -or $_.Language -in 'powershell', 'sh') } | ForEach-Object { "line $($_.Line): nothing runs '$($_.Language)'" } |
            Should -BeNullOrEmpty
        $blocks | Where-Object { $_.Background -and -not $_.Expected } | ForEach-Object { "line $($_.Line): no output tells when it is ready" } |
            Should -BeNullOrEmpty
        foreach ($file in $blocks | Where-Object File) {
            $folderOrName = ($file.File -split '/')[0]
            $blocks | Where-Object { $_.Line -gt $file.Line -and $_.Code.Contains($folderOrName) } | Should -Not -BeNullOrEmpty -Because "a later block must use $($file.File)"
        }
    }

    It 'runs in line <Line>: <First>' -ForEach $Runnable {
        if ($PSEdition -eq 'Desktop') {
            Set-ItResult -Skipped -Because 'the pages show the output of PowerShell 7'
        }

        $hasEnded | Should -BeTrue -Because 'the page ends'
        $result = $results[$Line]
        $result | Should -Not -BeNullOrEmpty
        if ($result.Skipped) {
            Set-ItResult -Skipped -Because $result.Skipped
        }

        $result.Error | Should -BeNullOrEmpty
        if ($Expected) {
            $seen = -join (Format-Output $result.Output | ForEach-Object { "$_`n" })
            $seen | Should -Match (ConvertTo-OutputPattern $Expected) -Because "the page shows`n$(Format-Output $Expected | Out-String)and the output is`n$($result.Output)"
        }
    }
}

Describe 'The links of <Name>' -ForEach $linked {
    It 'lead to files and headings that exist' {
        $broken = Read-RelativeLink $Path | Where-Object {
            $target = if ($_.Path) { Join-Path (Split-Path $Path) $_.Path } else { $Path }
            -not (Test-Path $target) -or ($_.Anchor -and $_.Anchor -notin (Read-Anchor $target))
        }
        $broken.Link | Should -BeNullOrEmpty
    }
}

Describe 'The pages' {
    It 'name tasks that the build has' {
        $sh = [regex]::Match((Get-Content (Join-Path $root 'build.sh') -Raw), '(?m)^    ([\w |]+)\) ;;$').Groups[1].Value -split ' \| '
        $ps1 = (Get-Command (Join-Path $root 'build.ps1')).Parameters['Task'].Attributes.ValidValues
        $text = @(Get-Page $root; Get-Item (Join-Path $root 'CONTRIBUTING.md')) | Get-Content -Raw
        [regex]::Matches($text, '\./build\.sh (\w+)') | ForEach-Object { $_.Groups[1].Value } | Sort-Object -Unique | Should -BeIn $sh
        [regex]::Matches($text, '\./build\.ps1 (\w+)') | ForEach-Object { $_.Groups[1].Value } | Sort-Object -Unique | Should -BeIn $ps1
    }

    It 'list every error with its category, and no others' {
        $source = Get-Content (Join-Path $root 'src/AcsIdentity/Errors/*.cs') -Raw
        $reported = [regex]::Matches($source, '"(Acs\w+)",\s*ErrorCategory\.(\w+)') | ForEach-Object { "$($_.Groups[1]) $($_.Groups[2])" }
        $listed = [regex]::Matches((Get-Content (Join-Path $root 'docs/errors.md') -Raw), '(?m)^\| `(Acs\w+)` \| (\w+) \|') | ForEach-Object { "$($_.Groups[1]) $($_.Groups[2])" }
        $listed | Sort-Object | Should -Be ($reported | Sort-Object -Unique)
    }

    It 'list every cmdlet in README.md' {
        $module = Import-Module $env:ACSIDENTITY_MODULE_PATH -PassThru
        $listed = [regex]::Matches((Get-Content (Join-Path $root 'README.md') -Raw), '(?m)^\| (`\w+-Acs\w+`.*?) \|') | ForEach-Object { $_.Groups[1].Value -split ', ' } | ForEach-Object Trim '`'
        $listed | Sort-Object | Should -Be ($module.ExportedCommands.Keys | Sort-Object)
    }
}
