# Runs the examples of the help, and makes docs/cmdlets from the help. Dot-sourced by build.ps1 and the Pester suite;
# both dot-source PowerShellProcess.ps1 too.

$helpFile = Join-Path $PSScriptRoot '../src/AcsIdentity/Module/en-US/AcsIdentity.dll-Help.xml'
$pageFolder = Join-Path $PSScriptRoot '../docs/cmdlets'

<#
.SYNOPSIS
Runs the examples of a cmdlet's help in a new process, and returns a table of their output by title.
#>
function Get-ExampleOutput([string] $Name, [string] $ModulePath) {
    $folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) ([guid]::NewGuid()))).FullName
    Push-Location $folder
    try {
        $program, [string[]] $arguments = Get-PowerShellCommand
        $lines = & $program @arguments -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot 'Invoke-HelpExample.ps1') $Name $ModulePath 2>&1 | ForEach-Object { "$_" }
        if ($LASTEXITCODE -ne 0) {
            throw "The examples of $Name failed:`n$($lines -join "`n")"
        }
    }
    finally {
        Pop-Location
        Remove-Item -Recurse -Force $folder
    }

    $outputs = [ordered]@{}
    foreach ($section in $lines -join "`n" -split '(?m)^=== ' -ne '') {
        $title, $text = $section -split "`n", 2
        # Times have a narrow space before AM and PM.
        $outputs[$title] = ($text -replace '\u202F', ' ' -replace '(?m)[ \r]+$' -replace '\n{2,}', "`n`n").Trim("`n")
    }

    $outputs
}

<#
.SYNOPSIS
Returns an example's output without what differs from run to run: ids, times, time left, ports, the client library, and spacing.
Spacing goes before ids: a narrow table wraps them. That is why pages, which are wide, have a mask by lines (Markdown.ps1).
#>
function Get-StableOutput([string] $Output) {
    $Output -replace '(?m)^(Sdk\s*:).*$', '$1' -replace '\s' `
        -replace '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', '<guid>' `
        -replace '\d{4}-\d\d-\d\dT?\d\d:\d\d:\d\dZ', '<time>' `
        -replace '\d{1,2}/\d{1,2}/\d{4}\d{1,2}:\d\d:\d\d[AP]M', '<time>' `
        -replace '\d{4}-\d\d-\d\d', '<date>' `
        -replace '\((\d+h\d\d|\d+|<1)m\)', '(<left>)' `
        -replace '(?<=localhost:)\d+', '<port>'
}

<#
.SYNOPSIS
Returns the output and the explanation of an example. These are the paragraphs of its remarks; an example may have no output.
#>
function Split-Remark([string[]] $Paragraph) {
    $texts = @($Paragraph | ForEach-Object { $_.Trim() } | Where-Object { $_ })
    @{ Output = if ($texts.Count -gt 1) { $texts[0] } else { '' }; Explanation = $texts[-1] }
}

# Runs all examples, and writes the outputs that changed into the help file.
function Write-ExampleOutput([string] $ModulePath) {
    $help = [xml]::new()
    $help.PreserveWhitespace = $true
    $help.Load($helpFile)
    foreach ($command in $help.SelectNodes('/*/*[local-name()="command"]')) {
        $name = $command.SelectSingleNode('*/*[local-name()="name"]').InnerText
        $outputs = Get-ExampleOutput $name $ModulePath
        foreach ($example in $command.SelectNodes('*/*[local-name()="example"]')) {
            $title = $example.title.Trim('- ')
            $remark = Split-Remark ($example.remarks.SelectNodes('*') | ForEach-Object InnerText)
            if ((Get-StableOutput $remark.Output) -ne (Get-StableOutput $outputs[$title])) {
                Write-Step "New output: $name, $title"
                $paragraphs = $outputs[$title], $remark.Explanation -ne '' | ForEach-Object { "          <maml:para>$([Security.SecurityElement]::Escape($_))</maml:para>`n" }
                $example.remarks.InnerXml = "`n$(-join $paragraphs)          <maml:para />`n        "
            }
        }
    }

    [IO.File]::WriteAllText($helpFile, $help.OuterXml)
}

<#
.SYNOPSIS
Returns the pages of docs/cmdlets as a table of texts by file name. The module must be imported.
#>
function Get-HelpPage {
    $commands = Get-Command -Module AcsIdentity | Sort-Object Name
    $pages = [ordered]@{}
    foreach ($command in $commands) {
        $pages["$($command.Name).md"] = ConvertTo-HelpPage (Get-Help $command.Name -Full)
    }

    $index = @(
        '# Cmdlets'
        'These pages are the help of the module: `Get-Help <cmdlet> -Full` shows the same text, and `Get-Help <cmdlet> -Online` opens the page. `./build.ps1 Docs` makes them from the help.'
        (@('| cmdlet | does |', '| --- | --- |') + @($commands | ForEach-Object { "| [$($_.Name)]($($_.Name).md) | $((Get-Help $_.Name).Synopsis.Trim()) |" })) -join "`n"
        'Longer topics, with `Get-Help <topic>`:'
        (Get-ChildItem (Split-Path $helpFile) -Filter about_*.help.txt | Sort-Object Name | ForEach-Object { "- $(Format-Link ($_.Name -replace '\.help\.txt$'))" }) -join "`n"
    )
    $pages['README.md'] = ($index -join "`n`n") + "`n"
    $pages
}

# Makes a page of Markdown from the help of one cmdlet.
function ConvertTo-HelpPage($Help) {
    $parts = @(
        "# $($Help.Name)"
        Format-Prose $Help.details.description.Text
        '## Syntax'
        $Help.syntax.syntaxItem | ForEach-Object { Format-Block (Format-SyntaxItem $_) powershell }
        '## Description'
        $Help.description.Text | ForEach-Object { Format-Prose $_ }
        '## Examples'
        'The examples run in order, after `Connect-AcsIdentity -Emulator`.'
        foreach ($example in $Help.examples.example) {
            "### $($example.title.Trim('- '))"
            Format-Block $example.code powershell
            $remark = Split-Remark $example.remarks.Text
            if ($remark.Output) { Format-Block $remark.Output text }
            Format-Prose $remark.Explanation
        }
        '## Parameters'
        foreach ($parameter in $Help.parameters | Select-Object -ExpandProperty parameter -ErrorAction Ignore) {
            "### -$($parameter.name)"
            $parameter.description.Text | ForEach-Object { Format-Prose $_ }
            Format-ParameterFact $parameter
        }
        'The common parameters are supported: see [about_CommonParameters](https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_commonparameters).'
        '## Inputs'
        $Help.inputTypes.inputType | ForEach-Object { Format-TypeText $_ }
        '## Outputs'
        $Help.returnValues.returnValue | ForEach-Object { Format-TypeText $_ }
        '## Related links'
        ($Help.relatedLinks.navigationLink | ForEach-Object { "- $(Format-Link $_.linkText)" }) -join "`n"
    )
    ($parts -join "`n`n") + "`n"
}

# A paragraph; one with columns becomes a block.
function Format-Prose([string] $Text) {
    if ($Text -match '\S {2,}\S') { Format-Block $Text.Trim() text } else { $Text.Trim() -replace '[<*]', '\$0' }
}

function Format-Block([string] $Text, [string] $Language) {
    "``````$Language`n$Text`n``````"
}

function Format-SyntaxItem($Item) {
    $words = foreach ($parameter in $Item | Select-Object -ExpandProperty parameter -ErrorAction Ignore) {
        $name = if ($parameter.position -eq 'named') { "-$($parameter.name)" } else { "[-$($parameter.name)]" }
        $value = $parameter | Select-Object -ExpandProperty parameterValue -ErrorAction Ignore
        $word = if ($value) { "$name <$value>" } else { $name }
        if ($parameter.required -eq 'true') { $word } else { "[$word]" }
    }
    $line = $Item.name
    $lines = foreach ($word in @($words) + '[<CommonParameters>]' | Where-Object { $_ }) {
        if ($line.Length + $word.Length -ge 100) { $line; $line = '   ' }
        $line += " $word"
    }
    (@($lines) + $line | Where-Object { $_ }) -join "`n"
}

# What is not said in its text. A parameter may differ from set to set: the syntax is exact.
function Format-ParameterFact($Parameter) {
    $facts = @(
        "Type ``$($Parameter.type.name)``"
        if ($Parameter.required -eq 'true') { 'required' }
        if ($Parameter.position -ne 'named') { "position $($Parameter.position)" }
        if ($Parameter.pipelineInput -like 'True*') { "pipeline input: $($Parameter.pipelineInput -replace '^True \(|\)$')" }
        if ($Parameter.defaultValue -notin 'None', 'False') { "default: $($Parameter.defaultValue)" }
        if ($Parameter.aliases -ne 'none') { "alias ``-$($Parameter.aliases)``" }
    )
    $facts -join ', '
}

function Format-TypeText($Item) {
    "``$($Item.type.name)``: $(Format-Prose $Item.description.Text)"
}

# A link is a cmdlet, a topic, or a text with the address of a web page.
function Format-Link([string] $Link) {
    $text, $target = $Link -split ': (?=https://)'
    if (-not $target) {
        $target = if ($Link -like 'about_*') { "../../src/AcsIdentity/Module/en-US/$Link.help.txt" } else { "$Link.md" }
    }

    "[$text]($target)"
}

# build.ps1 Docs: brings the outputs of the examples and docs/cmdlets up to date.
function Invoke-HelpUpdate([string] $ModulePath) {
    $env:PSModulePath = (Split-Path $ModulePath) + [IO.Path]::PathSeparator + $env:PSModulePath
    Write-ExampleOutput $ModulePath
    Copy-Item $helpFile (Join-Path $ModulePath 'en-US')
    Import-Module $ModulePath
    $pages = Get-HelpPage
    [void](New-Item -ItemType Directory -Force $pageFolder)
    Get-ChildItem $pageFolder -Filter *.md | Where-Object Name -NotIn $pages.Keys | Remove-Item
    foreach ($page in $pages.Keys) {
        [IO.File]::WriteAllText((Join-Path $pageFolder $page), $pages[$page])
    }

    Write-Host "$($pages.Count) pages in docs/cmdlets."
}
