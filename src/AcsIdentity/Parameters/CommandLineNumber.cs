using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AcsIdentity.Parameters;

/// <summary>Finds a number that was written after a cmdlet without a parameter name, as in <c>New-AcsIdentity 5</c>.</summary>
internal static class CommandLineNumber
{
    /// <returns>The number as it was written; null if there is none. A number in a variable or from the pipeline does not count.</returns>
    public static string? Find(InvocationInfo invocation)
    {
        if (string.IsNullOrEmpty(invocation.Line))
        {
            return null;
        }

        var command = (CommandAst?)Parser.ParseInput(invocation.Line, out _, out _)
            .Find(node => node is CommandAst && node.Extent.StartColumnNumber == invocation.OffsetInLine, searchNestedScriptBlocks: true);
        return command?.CommandElements
            .Where((element, i) => element is ConstantExpressionAst { Value: int or long } && command.CommandElements[i - 1] is not CommandParameterAst { Argument: null })
            .Select(element => element.Extent.Text)
            .FirstOrDefault();
    }
}
