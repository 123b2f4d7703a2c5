@{
    Severity     = @('Error', 'Warning', 'Information')
    ExcludeRules = @(
        # The build and the quickstart talk to a person at a console.
        'PSAvoidUsingWriteHost'
    )
}
