@{
    Severity     = @('Error', 'Warning')
    ExcludeRules = @(
        # The build talks to a person at a console.
        'PSAvoidUsingWriteHost'
    )
}
