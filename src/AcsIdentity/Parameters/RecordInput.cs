using System;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using AcsIdentity.Ports;

namespace AcsIdentity.Parameters;

/// <summary>Reads an identity to import: what <see cref="IdentityInput"/> reads, and the columns that a ledger's own export has.</summary>
internal static class RecordInput
{
    /// <summary>Whether the input is an exported create without an answer, of which nobody knows an id.</summary>
    /// <exception cref="FormatException">The state is not valid.</exception>
    public static bool IsWithoutId([NotNullWhen(true)] PSObject? input) =>
        input is not null
        && input.BaseObject is not string
        && ReadState(input) is IdentityState.Pending or IdentityState.Unknown
        && string.IsNullOrWhiteSpace(ReadText(input, "Id"));

    /// <summary>Reads the record.</summary>
    /// <exception cref="FormatException">There is no id, or a value is not valid. The message says what is wrong.</exception>
    public static IdentityRecord Read(PSObject? input)
    {
        string id = IdentityInput.ReadId(input);
        string? tag = IdentityInput.ReadTag(input);
        return input.BaseObject is string ? new IdentityRecord { Id = id } : new IdentityRecord
        {
            Id = id,
            Tag = tag,
            State = ReadState(input) is IdentityState.Deleted ? IdentityState.Deleted : IdentityState.Active,
            CreatedOn = ReadTime(input, "CreatedOn"),
            CreatedBy = ReadText(input, "CreatedBy"),
            DeletedOn = ReadTime(input, "DeletedOn"),
        };
    }

    private static IdentityState? ReadState(PSObject input) => ReadText(input, "State") is not { } text ? null
        : Enum.TryParse(text, ignoreCase: true, out IdentityState state) && state is IdentityState.Active or IdentityState.Pending or IdentityState.Unknown or IdentityState.Deleted ? state
        : throw Invalid("State", "Active, Pending, Unknown or Deleted");

    private static DateTimeOffset? ReadTime(PSObject input, string name) => ReadText(input, name) is null ? null
        : LanguagePrimitives.TryConvertTo(IdentityInput.Read(input, name), out DateTimeOffset time) ? time
        : throw Invalid(name, "a time");

    /// <returns>Null if there is no such property, or if it is empty.</returns>
    private static string? ReadText(PSObject input, string name) =>
        IdentityInput.Read(input, name) is { } value && LanguagePrimitives.ConvertTo<string>(value) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    private static FormatException Invalid(string name, string expected) =>
        new($"The value of {name} is not {expected}. If the column means something else, leave it out: Select-Object * -ExcludeProperty {name}.");
}
