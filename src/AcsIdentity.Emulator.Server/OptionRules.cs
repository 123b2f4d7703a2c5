using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;

namespace AcsIdentity.Emulator.Server;

/// <summary>Rules for options. Each error names its option. Values that are no number or GUID are left to the parser, which refuses them.</summary>
internal static class OptionRules
{
    /// <summary>Refuses values for which a condition does not hold. The error does not quote the value, which may be a secret.</summary>
    public static void Require(this Option option, string rule, Func<string, bool> holds) => option.Validators.Add(result =>
    {
        if (!result.Tokens.All(token => holds(token.Value)))
        {
            result.AddError($"{option.Name} must be {rule}.");
        }
    });

    /// <summary>Refuses a file to read that does not exist.</summary>
    public static void RequireFile(this Option option) => option.Validators.Add(result =>
    {
        foreach (Token token in result.Tokens.Where(token => !File.Exists(token.Value)))
        {
            result.AddError($"{option.Name}: the file {token.Value} does not exist.");
        }
    });

    /// <summary>Refuses a file to write in a folder that does not exist.</summary>
    public static void RequireFolderOfFile(this Option option) => option.Validators.Add(result =>
    {
        foreach (Token token in result.Tokens.Where(token => !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(token.Value)))))
        {
            result.AddError($"{option.Name}: the folder of {token.Value} does not exist.");
        }
    });

    /// <summary>Refuses options that do nothing without another option.</summary>
    public static void RequireWith(this Command command, Option needed, params Option[] options) => command.Validators.Add(result =>
    {
        if (!result.IsGiven(needed))
        {
            foreach (Option option in options.Where(result.IsGiven))
            {
                result.AddError($"{option.Name} does nothing without {needed.Name}: give {needed.Name} too.");
            }
        }
    });

    /// <summary>Refuses two options whose numbers contradict each other.</summary>
    public static void RequireBoth(this Command command, Option<int> first, int firstDefault, Option<int?> second, string rule, Func<int, int, bool> holds) =>
        command.Validators.Add(result =>
        {
            // The text, because the parser has not set a default value yet.
            if (int.TryParse(result.TextOf(first) ?? $"{firstDefault}", out int number)
                && int.TryParse(result.TextOf(second), out int other)
                && !holds(number, other))
            {
                result.AddError(rule);
            }
        });

    private static string? TextOf(this SymbolResult result, Option option) => result.GetResult(option) is { Tokens: [Token token, ..] } ? token.Value : null;

    private static bool IsGiven(this SymbolResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
