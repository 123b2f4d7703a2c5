using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using AcsIdentity.Emulator.Faults;

namespace AcsIdentity.Parameters.Completion;

/// <summary>
/// Completes -Fault with whole faults, one of each kind, to edit. PowerShell does not ask a completer about the keys in a
/// hashtable.
/// </summary>
internal sealed class FaultCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Enum.GetValues(typeof(FaultKind)).Cast<FaultKind>()
            .Where(kind => CompletionWord.Fits(wordToComplete, kind.ToString()))
            .Select(kind => (Kind: kind, Fault: $"@{{ Kind = '{kind}'; {Detail(kind)}Operation = 'Create'; Next = 1 }}"))
            .Select(offer => new CompletionResult(offer.Fault, offer.Fault, CompletionResultType.Text, Describe(offer.Kind)));

    private static string Detail(FaultKind kind) => kind switch
    {
        FaultKind.Status => "Status = 503; ",
        FaultKind.Late => "Delay = '2s'; ",
        _ => "",
    };

    private static string Describe(FaultKind kind) => kind switch
    {
        FaultKind.Status => "Answers with an HTTP error; does not do the work. RetryAfter = 5 adds the header Retry-After.",
        FaultKind.Late => "Does the work and answers correctly, after a delay.",
        FaultKind.Drop => "Closes the connection; does not do the work.",
        FaultKind.LoseAnswer => "Does the work, then closes the connection without an answer.",
        FaultKind.CutAnswer => "Does the work, then closes the connection in the middle of the answer.",
        FaultKind.TruncatedBody => "Does the work; half of the answer's JSON is missing.",
        _ => "Does the work; the body of the answer is not JSON.",
    };
}
