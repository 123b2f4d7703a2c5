# Reads the fenced code blocks and the links of a Markdown page. CONTRIBUTING.md describes the words after the language.

<#
.SYNOPSIS
Returns the pages whose code the tests run: README.md, docs/, and the folders of docs/ with pages in another language.
.OUTPUTS
The files, each with Page: its path in the repository.
#>
function Get-Page([string] $Root) {
    foreach ($file in Get-Item (Join-Path $Root 'README.md'), (Join-Path $Root 'docs/*.md'), (Join-Path $Root 'docs/??-??/*.md')) {
        $file | Add-Member Page ($file.FullName.Substring($Root.Length + 1) -replace '\\', '/') -PassThru
    }
}

<#
.SYNOPSIS
Returns the fenced code blocks of a page, in its order.
.OUTPUTS
Objects with Line, Section (the number of the heading above), Language, Code, the words of the fence line (File, Setup, Background,
NoRun: the reason), and Expected: the output block that follows, or nothing.
#>
function Read-CodeBlock([string] $Path) {
    $blocks = [Collections.Generic.List[object]]::new()
    $block = $null
    $section = $number = 0
    foreach ($line in Get-Content $Path -Encoding UTF8) {
        $number++
        if ($null -eq $block) {
            if ($line -match '^#') {
                $section++
            }
            elseif ($line -match '^```(?<language>\w*) ?(?<words>.*)$') {
                $words = $Matches.words
                $block = [pscustomobject]@{
                    Line       = $number
                    Section    = $section
                    Language   = $Matches.language
                    File       = if ($words -match '^file=(\S+)$') { $Matches[1] }
                    Setup      = $words -eq 'setup'
                    Background = $words -eq 'background'
                    NoRun      = if ($words -match '^norun: (.+)$') { $Matches[1] }
                    Words      = $words
                    Code       = ''
                    Expected   = $null
                }
            }
        }
        elseif ($line -ne '```') {
            $block.Code += "$line`n"
        }
        else {
            if ($block.Language -eq 'output') {
                $blocks[-1].Expected = $block.Code
            }
            else {
                $blocks.Add($block)
            }

            $block = $null
        }
    }

    $blocks
}

<#
.SYNOPSIS
Returns the relative links of a page, as objects with Link, Path (empty for the page itself) and Anchor.
#>
function Read-RelativeLink([string] $Path) {
    $text = (Get-Content $Path -Raw -Encoding UTF8) -replace '(?ms)^```.*?^```' -replace '`[^`\n]*`'
    foreach ($match in [regex]::Matches($text, '\]\((?!\w+:)(?<path>[^)#\s]*)(#(?<anchor>[^)\s]*))?\)')) {
        [pscustomobject]@{ Link = $match.Value; Path = $match.Groups['path'].Value; Anchor = $match.Groups['anchor'].Value }
    }
}

<#
.SYNOPSIS
Returns the anchors of a page's headings, as GitHub makes them.
#>
function Read-Anchor([string] $Path) {
    $text = (Get-Content $Path -Raw -Encoding UTF8) -replace '(?ms)^```.*?^```'
    foreach ($match in [regex]::Matches($text, '(?m)^#+ (.+)$')) {
        $match.Groups[1].Value.Trim().ToLowerInvariant() -replace '[^\w -]' -replace ' ', '-'
    }
}

<#
.SYNOPSIS
Returns the lines of an output, with a mask for what differs between two runs: ids, times, time left, ports, random keys, widths.
#>
function Format-Output([string] $Text) {
    $Text -replace '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', '<guid>' `
        -replace '\d{4}-\d\d-\d\d[ T][\d:.]+(Z|[+-]\d\d:\d\d)', '<time>' `
        -replace '\b\d{4}-\d\d-\d\d\b', '<date>' `
        -replace '\((\d+h\d\d|\d+|<1)m\)', '(<left>)' `
        -replace 'localhost:\d+', 'localhost:<port>' `
        -replace '(accesskey|IDENTITY_HEADER)=.+', '$1=<secret>' `
        -split '\r?\n' -replace '-{3,}', '---' -replace '\s+', ' ' | ForEach-Object Trim | Where-Object { $_ }
}

<#
.SYNOPSIS
Returns the pattern of an output block. A line of three dots stands for any lines, and so does '...' at the end of a line for its rest.
#>
function ConvertTo-OutputPattern([string] $Expected) {
    $lines = Format-Output $Expected | ForEach-Object {
        if ($_ -eq '...') { '(?:.*\n)*?' } else { [regex]::Escape($_ -replace '\.\.\.$') + $(if ($_.EndsWith('...')) { '.*' }) + '\n' }
    }
    '\A' + (-join $lines) + '\z'
}
