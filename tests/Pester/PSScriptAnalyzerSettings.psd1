@{
    Severity     = @('Error', 'Warning')
    ExcludeRules = @(
        # It uses the variables of BeforeAll. It is another script block, and the rule does not see that.
        'PSUseDeclaredVarsMoreThanAssignments'
        # Tests have no real secrets.
        'PSAvoidUsingConvertToSecureStringWithPlainText'
    )
    Rules        = @{
        PSUseCompatibleSyntax = @{ Enable = $true; TargetVersions = @('5.1', '7.4') }
    }
}
