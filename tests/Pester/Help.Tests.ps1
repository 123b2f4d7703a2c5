# Compares the help with the commands, and docs/cmdlets with the help. The manifest of the module is in ACSIDENTITY_MODULE_PATH.

BeforeDiscovery {
    $module = Import-Module $env:ACSIDENTITY_MODULE_PATH -Force -PassThru
    $script:commands = foreach ($command in $module.ExportedCommands.Values) {
        $parameters = $command.Parameters.Values | Where-Object Name -NotIn ([System.Management.Automation.Cmdlet]::CommonParameters)
        $examples = (Get-Help $command.Name).examples | Select-Object -ExpandProperty example -ErrorAction Ignore
        @{
            Name       = $command.Name
            Command    = $command
            Parameters = @($parameters | ForEach-Object { @{ Parameter = $_ } })
            Examples   = @($examples | ForEach-Object { @{ Title = $_.title.Trim('- '); Code = $_.code } })
        }
    }
    $script:topics = Get-ChildItem (Join-Path $module.ModuleBase 'en-US') -Filter *.help.txt | ForEach-Object { @{ Topic = $_.Name -replace '\.help\.txt$'; Path = $_.FullName } }
    $script:pages = @($module.ExportedCommands.Keys) + 'README' | ForEach-Object { "$_.md" }
}

BeforeAll {
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
    . $PSScriptRoot/../../build/Docs.ps1
    $module = Import-Module $env:ACSIDENTITY_MODULE_PATH -Force -PassThru
    $script:builtHelp = Join-Path $module.ModuleBase 'en-US'

    function Get-Text($Paragraph) {
        ($Paragraph | ForEach-Object Text) -join "`n"
    }

    # How help writes the position and the pipeline input of a parameter in one parameter set.
    function Format-Position($Parameter) {
        if ($Parameter.Position -lt 0) { 'named' } else { "$($Parameter.Position)" }
    }

    function Format-PipelineInput($Parameter) {
        $ways = @(
            if ($Parameter.ValueFromPipelineByPropertyName) { 'ByPropertyName' }
            if ($Parameter.ValueFromPipeline) { 'ByValue' }
        )
        if ($ways) { "True ($($ways -join ', '))" } else { 'False' }
    }

    # What a parameter takes where it does not take anything, as completion offers it.
    function Get-Choice([string] $CommandName, $Parameter) {
        # A lifetime may be any duration; completion offers some.
        if ($Parameter.Attributes | Where-Object { $_ -is [ValidateSet] -or ($_ -is [ArgumentCompleter] -and $_.Type.Name -ne 'LifetimeCompleter') }) {
            $line = "$CommandName -$($Parameter.Name) "
            [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches |
                # Without choices, PowerShell completes the names of files.
                Where-Object ResultType -EQ ParameterValue | ForEach-Object CompletionText
        }
    }

    function Format-Syntax([string[]] $Parameter) {
        ($Parameter | Sort-Object) -join '; '
    }
}

Describe 'The help file' {
    It 'is about the exported commands and no others' {
        $documented = ([xml](Get-Content -Raw (Join-Path $script:builtHelp 'AcsIdentity.dll-Help.xml'))).helpItems.command | ForEach-Object { $_.details.name }
        $documented | Sort-Object | Should -Be ($module.ExportedCommands.Keys | Sort-Object)
    }

    It 'names every error by its id and category, and none that does not exist' {
        $source = (Get-Content -Raw (Join-Path $PSScriptRoot '../../src/AcsIdentity/Errors/*.cs')) -join ''
        $reported = [regex]::Matches($source, '"(Acs\w+)",\s*ErrorCategory\.(\w+)')
        $documented = [regex]::Matches((Get-Content -Raw (Join-Path $script:builtHelp 'about_AcsErrors.help.txt')), '(?m)^ {4}(Acs\w+ \(\w+\))$')
        $documented | ForEach-Object { $_.Groups[1].Value } | Sort-Object |
            Should -BeExactly ($reported | ForEach-Object { "$($_.Groups[1]) ($($_.Groups[2]))" } | Sort-Object -Unique)

        $ids = $reported | ForEach-Object { $_.Groups[1].Value }
        $nouns = $module.ExportedCommands.Values | ForEach-Object Noun
        $mentioned = Get-ChildItem $script:builtHelp | ForEach-Object { [regex]::Matches((Get-Content -Raw $_.FullName), '(?<![-\w])Acs[A-Z]\w+') } | ForEach-Object Value
        $mentioned | Sort-Object -Unique | Where-Object { $_ -cnotin $ids -and $_ -cnotin $nouns } | Should -BeNullOrEmpty
    }
}

Describe 'The topic <Topic>' -ForEach $script:topics {
    It 'is found once the module is imported' {
        Get-Help $Topic | Out-String | Should -BeLike "TOPIC*$Topic*SHORT DESCRIPTION*LONG DESCRIPTION*"
    }

    It 'fits into 78 columns' {
        Get-Content $Path | Where-Object Length -GT 78 | Should -BeNullOrEmpty
    }

    It 'names only commands and topics that exist' {
        $text = Get-Content -Raw $Path
        [regex]::Matches($text, '\b[A-Z][A-Za-z]+-Acs\w+') | ForEach-Object Value | Sort-Object -Unique | Should -BeIn $module.ExportedCommands.Keys
        [regex]::Matches($text, '\babout_Acs\w+') | ForEach-Object { "$_.help.txt" } | Sort-Object -Unique | Should -BeIn (Get-ChildItem $script:builtHelp).Name
    }
}

Describe 'docs/cmdlets' {
    BeforeAll { $script:current = Get-HelpPage }

    It 'has a current page <_>' -ForEach $script:pages {
        $path = Join-Path $pageFolder $_
        $path | Should -Exist
        (Get-Content -Raw $path) -replace "`r" | Should -BeExactly ($script:current[$_] -replace "`r") -Because 'it is stale otherwise: run ./build.ps1 Docs'
    }

    It 'has no other page' {
        (Get-ChildItem $pageFolder).Name | Sort-Object | Should -Be ($script:current.Keys | Sort-Object)
    }
}

Describe 'Help of <Name>' -ForEach $script:commands {
    BeforeAll {
        $script:help = Get-Help $Name -Full
        $script:helpParameters = @(Get-Help $Name -Parameter * -ErrorAction Ignore)
    }

    It 'has a synopsis' {
        $script:help.Synopsis.Trim() | Should -Not -BeNullOrEmpty
        # Without a help file the synopsis is the syntax.
        $script:help.Synopsis | Should -Not -BeLike "*$Name*"
        $script:help.Synopsis.Trim().Length | Should -BeLessOrEqual 76 -Because 'it is one line'
    }

    It 'has a short description: longer matters are in the about topics' {
        @($script:help.description).Count | Should -BeIn (1..3)
        $script:help.description.Text | ForEach-Object { $_.Trim().Length | Should -BeIn (1..400) -Because $_ }
    }

    It 'has at least two examples, each explained, in lines that Get-Help does not wrap' {
        @($script:help.examples.example).Count | Should -BeGreaterOrEqual 2
        foreach ($example in $script:help.examples.example) {
            (Split-Remark $example.remarks.Text).Explanation | Should -Match '\.$' -Because $example.title
            @($example.title) + @($example.code -split '\r?\n') | Where-Object Length -GT 75 | Should -BeNullOrEmpty
        }
    }

    It 'has examples that run in order, with this output' {
        if ($PSEdition -eq 'Desktop') { Set-ItResult -Skipped -Because 'the help shows the output of PowerShell 7' }
        $outputs = Get-ExampleOutput $Name $env:ACSIDENTITY_MODULE_PATH
        $outputs.Keys | Should -Be ($Examples | ForEach-Object { $_.Title })
        foreach ($example in $script:help.examples.example) {
            $output = $outputs[$example.title.Trim('- ')]
            Get-StableOutput (Split-Remark $example.remarks.Text).Output |
                Should -BeExactly (Get-StableOutput $output) -Because "the output of '$($example.title)' is now (run ./build.ps1 Docs):`n$output`n"
        }
    }

    It 'opens its page with -Online' {
        $project = $module.PrivateData.PSData.ProjectUri
        $project | Should -Match '^https://'
        $Command.HelpUri | Should -BeExactly "$project/blob/main/docs/cmdlets/$Name.md"
        Join-Path $pageFolder "$Name.md" | Should -Exist
        $script:help.relatedLinks.navigationLink.uri | Where-Object { $_ } | Should -BeNullOrEmpty -Because '-Online would open that page'
    }

    It 'has the parameters of the command and no others' {
        $script:helpParameters | ForEach-Object name | Sort-Object | Should -Be ($Parameters | ForEach-Object { $_.Parameter.Name } | Sort-Object)
    }

    It 'tells of -<_.Parameter.Name> what the command does' -ForEach $Parameters {
        $inHelp = $script:helpParameters | Where-Object name -EQ $Parameter.Name
        $inSets = $Command.ParameterSets | ForEach-Object Parameters | Where-Object Name -EQ $Parameter.Name
        $type = [Nullable]::GetUnderlyingType($Parameter.ParameterType)
        if (-not $type) { $type = $Parameter.ParameterType }

        $text = Get-Text $inHelp.description
        $text | Should -MatchExactly '^(Specifies|[A-Z][a-z]+s) ' -Because 'it begins with a verb'
        $inHelp.type.name | Should -Be $type.Name
        $inHelp.parameterValue | Should -Be $type.Name
        $inHelp.aliases | Should -Be $(if ($Parameter.Aliases) { $Parameter.Aliases -join ', ' } else { 'none' })
        # A parameter may differ from set to set; this part of help has one line for all of them. The syntax is exact.
        $inHelp.required | Should -BeIn ($inSets | ForEach-Object { "$($_.IsMandatory)" })
        $inHelp.position | Should -BeIn ($inSets | ForEach-Object { Format-Position $_ })
        $inHelp.pipelineInput | Should -BeIn ($inSets | ForEach-Object { Format-PipelineInput $_ })
        foreach ($choice in Get-Choice $Name $Parameter) {
            $text | Should -Match "(?m)^$([regex]::Escape($choice))\s" -Because 'help explains each choice'
        }
    }

    It 'has the syntax of every parameter set' {
        $inHelp = $script:help.syntax.syntaxItem | ForEach-Object {
            Format-Syntax ($_ | Select-Object -ExpandProperty parameter -ErrorAction Ignore | ForEach-Object {
                    $choices = $_ | Select-Object -ExpandProperty parameterValueGroup -ErrorAction Ignore | ForEach-Object parameterValue
                    "$($_.name) $($_.required) $($_.position) $($_.pipelineInput) $choices"
                })
        }
        $own = @($Parameters | ForEach-Object { $_.Parameter.Name })
        $inCommand = $Command.ParameterSets | ForEach-Object {
            Format-Syntax ($_.Parameters | Where-Object Name -In $own | ForEach-Object {
                    "$($_.Name) $($_.IsMandatory) $(Format-Position $_) $(Format-PipelineInput $_) $(Get-Choice $Name $_)"
                })
        }
        $inHelp | Sort-Object | Should -Be ($inCommand | Sort-Object)
    }

    It 'names the types that the command emits' {
        $emitted = $Command.OutputType | ForEach-Object Name
        $script:help.returnValues.returnValue.type.name | Should -Be $(if ($emitted) { $emitted } else { 'None' })
    }

    It 'links to commands and topics that exist, and to web pages' {
        foreach ($link in $script:help.relatedLinks.navigationLink) {
            if ($link.linkText -match ': https://') {
                $link.linkText -split ': ' | Select-Object -Last 1 | Should -Match '^https://learn\.microsoft\.com/\S+$'
            }
            elseif ($link.linkText -like 'about_*') {
                Join-Path $script:builtHelp "$($link.linkText).help.txt" | Should -Exist
            }
            else {
                $link.linkText | Should -BeIn $module.ExportedCommands.Keys
            }
        }
    }

    It 'has an example that the commands accept: <Title>' -ForEach $Examples {
        $problems = $null
        $syntax = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $problems)
        $problems | Should -BeNullOrEmpty

        $calls = $syntax.FindAll({ param($node) $node -is [System.Management.Automation.Language.CommandAst] -and $node.GetCommandName() -like '*-Acs*' }, $true)
        $calls | ForEach-Object GetCommandName | Should -Contain $Name
        foreach ($call in $calls) {
            $call.GetCommandName() | Should -BeIn $module.ExportedCommands.Keys
            # In full: the engine also takes a parameter that is cut short, and a reader should not have to guess.
            $used = $call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }
            $used | Where-Object ParameterName -NotIn $module.ExportedCommands[$call.GetCommandName()].Parameters.Keys | Should -BeNullOrEmpty
            $binding = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true)
            $binding.BindingExceptions.Values | ForEach-Object { $_.BindingException.Message } | Should -BeNullOrEmpty
        }
    }
}
