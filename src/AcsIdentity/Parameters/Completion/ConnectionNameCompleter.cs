using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using AcsIdentity.Connections;

namespace AcsIdentity.Parameters.Completion;

/// <summary>Completes the names of this session's connections.</summary>
internal sealed class ConnectionNameCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        SessionConnection.Named.Values
            .Where(connection => CompletionWord.Fits(wordToComplete, connection.Name!))
            .Select(connection => new CompletionResult(connection.Name, connection.Name, CompletionResultType.ParameterValue, connection.Endpoint.ToString()));
}
