<#
.SYNOPSIS
Runs the code blocks of a Markdown page as a reader does: from top to bottom, in one session.
.DESCRIPTION
Docs.Tests.ps1 starts one process per page. Writes a JSON file with Line, Output, Error and Skipped (the reason) of each block.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $PagePath,

    # The folder to work in. It has links to the folders of the repository that the pages name.
    [Parameter(Mandatory)] [string] $Folder,

    [Parameter(Mandatory)] [string] $ResultPath
)

$ErrorActionPreference = 'Stop'
# In most cultures an id begins a line of its own.
[cultureinfo]::CurrentCulture = 'en-US'
$PSStyle.OutputRendering = 'PlainText'
. (Join-Path $PSScriptRoot 'Markdown.ps1')
. (Join-Path $PSScriptRoot '../../../build/PowerShellProcess.ps1')

# The pages use two ports, which may be taken on this machine. These are below those that the system gives to connections: one of
# them could get the port before the page uses it.
function Get-FreePort {
    while ($true) {
        $port = Get-Random -Minimum 20000 -Maximum 32000
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, $port)
        try {
            $listener.Start()
            $listener.Stop()
            return $port
        }
        catch [Net.Sockets.SocketException] {
            Write-Verbose "Port $port is taken."
        }
    }
}

# Runs the statements one by one, as at a prompt: PowerShell chooses a view for each.
function Invoke-PowerShellBlock([string] $Code) {
    foreach ($statement in [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $null).EndBlock.Statements) {
        $shell = [powershell]::Create()
        $shell.Runspace = $session
        try {
            $shell.AddScript(". { $($statement.Extent.Text) } 3>&1 6>&1 | Out-String -Width 120").Invoke()
            if ($shell.HadErrors -and $shell.Streams.Error) {
                throw $shell.Streams.Error[0]
            }
        }
        finally {
            $shell.Dispose()
        }
    }
}

function Invoke-ShellBlock([string] $Code) {
    $output = sh -ec $Code 2>&1 | ForEach-Object { "$_" } | Out-String
    if ($LASTEXITCODE -ne 0) {
        throw "sh ended with exit code ${LASTEXITCODE}: $output"
    }

    $output
}

# Starts a program, and waits until it has written as many lines as the page shows.
function Open-BackgroundBlock($Block) {
    Close-BackgroundBlock
    $start = Get-ProcessStartInfo sh '-ec', $Block.Code
    $start.RedirectStandardOutput = $true
    $script:background = [Diagnostics.Process]::Start($start)
    foreach ($line in Format-Output $Block.Expected | Where-Object { $_ -ne '...' }) {
        # Format-Output leaves empty lines out.
        do {
            $read = $script:background.StandardOutput.ReadLine()
            if ($null -eq $read) { throw 'The program has ended.' }
        } until ($read)
        $read
    }
}

function Close-BackgroundBlock {
    if ($script:background) {
        Close-ProcessTree $script:background
        $script:background.WaitForExit()
        $script:background = $null
    }
}

function Invoke-Block($Block) {
    if ($Block.File) {
        [void](New-Item $Block.File -Force -Value $Block.Code)
    }
    elseif ($Block.Language -eq 'powershell') {
        Invoke-PowerShellBlock $Block.Code
    }
    elseif ($Block.Background) {
        Open-BackgroundBlock $Block
    }
    else {
        Invoke-ShellBlock $Block.Code
    }
}

Set-Location $Folder
[Environment]::CurrentDirectory = $Folder
$background = $null
$session = [runspacefactory]::CreateRunspace()
$session.Open()
$session.SessionStateProxy.Path.SetLocation($Folder) | Out-Null

$blocks = @(Read-CodeBlock $PagePath | Where-Object { -not $_.NoRun })
foreach ($port in '7080', '7443') {
    $free = Get-FreePort
    $blocks | ForEach-Object { $_.Code = $_.Code -replace "\b$port\b", $free }
}

# The sections whose setup failed, with the reason.
$missing = @{}
$results = foreach ($block in $blocks) {
    $result = @{ Line = $block.Line; Output = ''; Error = $null; Skipped = $missing[$block.Section] }
    if ($env:OS -eq 'Windows_NT' -and $block.Language -eq 'sh') {
        $result.Skipped = 'Blocks for sh run on Linux and macOS'
    }

    if (-not $result.Skipped) {
        try {
            $result.Output = Invoke-Block $block | Out-String
        }
        catch {
            $result.Error = "$_"
            if ($block.Setup) {
                $missing[$block.Section] = $result.Skipped = "The setup '$($block.Code.Trim())' failed: $_"
            }
        }
    }

    $result
}

Close-BackgroundBlock
ConvertTo-Json @($results) | Set-Content $ResultPath -Encoding UTF8
