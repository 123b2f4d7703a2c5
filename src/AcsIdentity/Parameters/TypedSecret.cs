using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AcsIdentity.Errors;

namespace AcsIdentity.Parameters;

/// <summary>Warns, once in a session, if a secret was typed as text: the console keeps what is typed.</summary>
internal static class TypedSecret
{
    /// <summary>A key in a connection string, or a token. A variable in its place does not match.</summary>
    private static readonly Regex _secret = new(@"(access|account)key\s*=\s*[\w+/]{8}|\beyJ[\w-]+\.eyJ[\w-]+\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly ConditionalWeakTable<Runspace, object> _warned = new();

    /// <summary>Writes the warning if the line that runs the cmdlet was typed at a prompt and contains a secret.</summary>
    public static void Warn(PSCmdlet cmdlet)
    {
        if (cmdlet.CommandOrigin == CommandOrigin.Runspace
            && string.IsNullOrEmpty(cmdlet.MyInvocation.ScriptName)
            && _secret.IsMatch(cmdlet.MyInvocation.Line)
            && IsPrompt(cmdlet)
            && !_warned.TryGetValue(Runspace.DefaultRunspace, out _))
        {
            _warned.Add(Runspace.DefaultRunspace, new object());
            cmdlet.WriteWarning(AcsErrors.DescribeTypedSecret());
        }
    }

    /// <summary>Tells a prompt from pwsh -Command: only a prompt has the function of PSReadLine, which writes the history.</summary>
    private static bool IsPrompt(PSCmdlet cmdlet) => cmdlet.InvokeProvider.Item.Exists("function:PSConsoleHostReadLine");
}
