# The module as a whole: import, exports, views.
BeforeAll {
    Import-Module $env:ACSIDENTITY_MODULE_PATH -Force
    . $PSScriptRoot/../../build/PowerShellProcess.ps1
}

Describe 'The module' {
    It 'loads two small assemblies on import, and no other for Get-Command and Get-Help' {
        $loaded = Invoke-PowerShellProcess {
            $before = [AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object FullName
            Import-Module $env:ACSIDENTITY_MODULE_PATH
            Get-Command -Module AcsIdentity | ForEach-Object { $_.ParameterSets | Out-Null; Get-Help $_ -Full | Out-Null }
            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object FullName -NotIn $before | ForEach-Object { $_.GetName().Name }
        }
        $loaded | Should -Contain 'AcsIdentity'
        $loaded | Should -Contain 'AcsIdentity.Startup'
        # Parts of .NET and of PowerShell may load too, but no library of the module.
        $libraries = Get-ChildItem (Join-Path (Split-Path $env:ACSIDENTITY_MODULE_PATH) $PSEdition) -Recurse -Filter *.dll | ForEach-Object BaseName
        $libraries | Should -Contain 'Azure.Core'
        $loaded | Where-Object { $_ -in $libraries } | Should -Be 'AcsIdentity'
        $loaded | Where-Object { $_ -match 'Azure|Microsoft\.Identity|Emulator' } | Should -BeNullOrEmpty
    }

    It 'keeps its libraries out of the default load context' {
        if ($PSEdition -eq 'Desktop') { Set-ItResult -Skipped -Because 'Windows PowerShell has no load contexts' }
        $default = Invoke-PowerShellProcess {
            Import-Module $env:ACSIDENTITY_MODULE_PATH
            [void](Connect-AcsIdentity -Emulator)
            New-AcsIdentity -Scope chat | Remove-AcsIdentity -Force
            [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | ForEach-Object { $_.GetName().Name }
        }
        $default | Should -Contain 'AcsIdentity'
        $default | Where-Object { $_ -match '^(Azure\.|System\.ClientModel|AcsIdentity\.)' } | Should -Be 'AcsIdentity.Startup'
    }

    It 'has a valid manifest that exports each cmdlet of the assembly' {
        $manifest = Test-ModuleManifest $env:ACSIDENTITY_MODULE_PATH
        $manifest.CompatiblePSEditions | Should -Be 'Core', 'Desktop'
        $assembly = [AcsIdentity.Models.AcsConnection].Assembly
        $cmdlets = $assembly.GetExportedTypes() |
            ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) } |
            ForEach-Object { "$($_.VerbName)-$($_.NounName)" }
        (Get-Command -Module AcsIdentity).Name | Sort-Object | Should -Be ($cmdlets | Sort-Object)
    }

    # PowerShell would look for the type in all assemblies at each import.
    It 'names no type in the scripts of its types file' {
        $scripts = ([xml](Get-Content -Raw (Join-Path (Split-Path $env:ACSIDENTITY_MODULE_PATH) AcsIdentity.Types.ps1xml))).SelectNodes('//GetScriptBlock').InnerText
        $scripts.Count | Should -BeGreaterThan 3
        foreach ($script in $scripts) {
            [scriptblock]::Create($script).Ast.FindAll({ $args[0] -is [Management.Automation.Language.TypeExpressionAst] -or $args[0] -is [Management.Automation.Language.TypeConstraintAst] }, $true) |
                Should -BeNullOrEmpty -Because $script
        }
    }

    It 'uses approved verbs' {
        $approved = (Get-Verb).Verb
        (Get-Command -Module AcsIdentity).Verb | Where-Object { $_ -notin $approved } | Should -BeNullOrEmpty
    }

    It 'declares what each cmdlet writes' {
        $writing = Get-Command -Module AcsIdentity | Where-Object { $_.Name -notmatch '^(Disconnect|Stop|Reset)-|^Remove-AcsTeamsExtensionAssignment$' }
        foreach ($command in $writing) {
            # The connection string of the emulator and the result of a test are the only output that is no object of this module.
            $command.OutputType.Name | Where-Object { $_ -notin 'System.String', 'System.Boolean' } | Should -BeLike 'AcsIdentity.*' -Because $command.Name
        }
    }

    It 'completes no file names for text that is not a path' {
        foreach ($command in Get-Command -Module AcsIdentity) {
            $names = $command.Parameters.Values | Where-Object {
                $_.Name -notin [System.Management.Automation.Cmdlet]::CommonParameters -and $_.Name -notin 'CertificatePath', 'Ledger' -and
                $_.ParameterType -in [string], [guid], [nullable[guid]], [uri], [securestring], [psobject], [psobject[]], [nullable[timespan]]
            } | ForEach-Object Name
            foreach ($name in $names | Where-Object { $_ -ne 'InputObject' }) {
                $line = "$($command.Name) -$name "
                $offered = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches
                $offered | Where-Object ResultType -In ProviderItem, ProviderContainer | Should -BeNullOrEmpty -Because $line
            }
        }
    }

    It 'supports -WhatIf in every cmdlet that changes something in the service' {
        $changing = Get-Command -Module AcsIdentity | Where-Object { $_.Parameters.ContainsKey('TimeoutSec') -and $_.Name -ne 'Get-AcsTeamsExtensionAssignment' }
        $changing.Name | Sort-Object | Should -Be 'Get-AcsToken', 'New-AcsIdentity', 'Remove-AcsIdentity', 'Remove-AcsTeamsExtensionAssignment', 'Revoke-AcsToken', 'Set-AcsTeamsExtensionAssignment'
        foreach ($command in $changing) {
            $command.Parameters.Keys | Should -Contain 'WhatIf'
        }
    }

    It 'shows no token in its views' {
        [void](Connect-AcsIdentity -Emulator)
        $identity = New-AcsIdentity -Tag bob -Scope chat, voip
        $shown = $identity, $identity.AccessToken | ForEach-Object { $_ | Out-String -Width 150 }
        $shown[0] | Should -BeLike "*Tag*Id*bob*$($identity.Id)*"
        $shown[1] | Should -BeLike "*Scope*ExpiresOn*Id*chat, voip*$($identity.Id)*"
        "$shown" | Should -Not -BeLike '*Token*'
        Get-AcsConnection | Out-String -Width 80 | Should -BeLike '*Endpoint*Source*Sdk*AcsIdentity*'
        Disconnect-AcsIdentity
        Stop-AcsEmulator
    }
}
