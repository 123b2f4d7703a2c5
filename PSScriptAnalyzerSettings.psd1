@{
    Severity     = @('Error', 'Warning')
    ExcludeRules = @(
        # The build talks to a person at a console.
        'PSAvoidUsingWriteHost'
    )
    Rules        = @{
        PSUseCompatibleSyntax = @{ Enable = $true; TargetVersions = @('5.1', '7.4') }
    }
}
