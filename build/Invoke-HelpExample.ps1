<#
.SYNOPSIS
Runs the examples of a cmdlet's help in order, and shows their output.
.DESCRIPTION
The examples run in the current folder after Connect-AcsIdentity -Emulator, each statement as if typed at a prompt. A line
'=== <title>' precedes each example. Examples that need a real resource are skipped. Start this script in a process of its
own, as Get-ExampleOutput in Docs.ps1 does: the output of -WhatIf and -Verbose goes to the console.
#>
[CmdletBinding()]
param(
    # The cmdlet.
    [Parameter(Mandatory)] [string] $Name,

    # The manifest or folder of the module, which must be on PSModulePath too: parallel runspaces load it by name.
    [Parameter(Mandatory)] [string] $ModulePath
)

[cultureinfo]::CurrentCulture = 'en-US'
$PSStyle.OutputRendering = 'PlainText'
Import-Module $ModulePath
[void](Connect-AcsIdentity -Emulator)

# The names keep out of the way of the examples' variables.
foreach ($helpExample in (Get-Help $Name).examples.example) {
    "=== $($helpExample.title.Trim('- '))"
    if ($helpExample.title -notmatch '\(needs a real resource\)') {
        foreach ($helpStatement in [scriptblock]::Create($helpExample.code).Ast.EndBlock.Statements) {
            . ([scriptblock]::Create($helpStatement.Extent.Text)) 2>&1 | Out-String -Width 80 -Stream
        }
    }
}
