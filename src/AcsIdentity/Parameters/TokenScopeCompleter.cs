using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters;

/// <summary>Completes the names of scopes.</summary>
internal sealed class TokenScopeCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        TokenScope.Known
            .Where(scope => scope.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(scope => new CompletionResult(scope));
}
