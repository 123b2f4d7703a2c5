@{
    Severity     = @('Error', 'Warning')
    ExcludeRules = @(
        # What BeforeAll declares is used in It: another script block, which the rule does not look into.
        'PSUseDeclaredVarsMoreThanAssignments'
        # The secrets of a test are none.
        'PSAvoidUsingConvertToSecureStringWithPlainText'
    )
}
