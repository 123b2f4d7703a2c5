using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AcsIdentity.Parameters.Completion;

/// <summary>Completes durations in hours, from 1h to 24h.</summary>
internal sealed class LifetimeCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Enumerable.Range(1, 24)
            .Select(hours => (Text: $"{hours}h", ToolTip: hours == 1 ? "1 hour" : $"{hours} hours"))
            .Where(duration => CompletionWord.Fits(wordToComplete, duration.Text))
            .Select(duration => new CompletionResult(duration.Text, duration.Text, CompletionResultType.ParameterValue, duration.ToolTip));
}
