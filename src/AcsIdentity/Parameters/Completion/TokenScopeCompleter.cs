using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters.Completion;

/// <summary>Completes the names of scopes. The tooltip tells what a scope allows.</summary>
internal sealed class TokenScopeCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        TokenScope.Known
            .Where(scope => CompletionWord.Fits(wordToComplete, scope))
            .Select(scope => new CompletionResult(scope, scope, CompletionResultType.ParameterValue, Describe(scope)));

    private static string Describe(string scope) => scope switch
    {
        "chat" => "all of chat",
        "chat.join" => "as chat, but cannot create, update or delete threads",
        "chat.join.limited" => "as chat.join, but cannot add or remove participants",
        "voip" => "all of calling",
        "voip.join" => "as voip, but can start calls only in rooms",
        _ => scope,
    };
}
