# The scripts of the tests, the samples and the build, read as text: Windows PowerShell 5.1 can read them too.
BeforeDiscovery {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $scripts = Get-ChildItem $PSScriptRoot, "$root/build", "$root/samples" -Recurse -Filter *.ps1 |
        ForEach-Object { @{ Name = $_.FullName.Substring($root.Length + 1); Path = $_.FullName } }
}

Describe 'The script <Name>' -ForEach $scripts {
    It 'has no syntax, escape or variable that is newer than Windows PowerShell 5.1' {
        $tokens = $problems = $null
        $script = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref] $tokens, [ref] $problems)
        $problems | Should -BeNullOrEmpty
        # By name and by property: Windows PowerShell lacks these types, and there the file would not parse.
        $newer = @(
            foreach ($node in $script.FindAll({ $true }, $true)) {
                if ($node.GetType().Name -in 'TernaryExpressionAst', 'PipelineChainAst' -or
                    $node.Operator -in 'QuestionQuestion', 'QuestionQuestionEquals' -or
                    $node.NullConditional -or $node.GenericTypeArguments -or $node.CleanBlock -or
                    ($node.StringConstantType -like 'DoubleQuoted*' -and $node.Extent.Text -cmatch '`(u\{|e)') -or
                    # Without a value they mean no there. $IsLinux may, because Windows PowerShell runs on Windows only.
                    ($node.VariablePath -and $node.VariablePath.UserPath -in 'IsWindows', 'IsCoreCLR')) {
                    $node
                }
            }
            # A pipe that begins a line.
            $tokens | Where-Object { $_.Kind -eq 'Pipe' -and $_.Extent.StartScriptPosition.Line.TrimStart().StartsWith('|') }
        )

        $newer | ForEach-Object { "line $($_.Extent.StartLineNumber): $($_.Extent.Text)" } | Should -BeNullOrEmpty
    }

    It 'is ASCII: Windows PowerShell reads a file without a byte order mark as ANSI' {
        [IO.File]::ReadAllLines($Path) -match '[^\x00-\x7F]' | Should -BeNullOrEmpty
    }
}
