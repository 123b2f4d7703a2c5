using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Parameters;

/// <summary>Converts a hashtable, as -Fault takes it, to a <see cref="Fault"/>. The keys are the names of the properties, in any case.</summary>
internal sealed class FaultInput
{
    private static readonly string[] _keys = typeof(Fault).GetProperties().Select(property => property.Name).ToArray();

    private readonly Dictionary<string, object?> _values = new(StringComparer.OrdinalIgnoreCase);

    private FaultInput(IDictionary table)
    {
        foreach (DictionaryEntry entry in table)
        {
            _values[entry.Key.ToString()!] = entry.Value;
        }
    }

    /// <summary>Reads a fault.</summary>
    /// <exception cref="FormatException">A key or a value is wrong. The message names it and says what is valid.</exception>
    public static Fault Read(IDictionary? table) =>
        table is null ? throw new FormatException("A fault must be a hashtable, such as @{ Kind = 'Drop'; Next = 1 }.") : new FaultInput(table).ToFault();

    private Fault ToFault()
    {
        if (_values.Keys.FirstOrDefault(key => !_keys.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new FormatException($"'{unknown}' is not a key of a fault. The keys are {string.Join(", ", _keys)}.");
        }

        var fault = new Fault
        {
            Kind = ReadName<FaultKind>(nameof(Fault.Kind)) ?? throw new FormatException($"Kind is missing. It must be {DescribeNames<FaultKind>()}."),
            Operation = ReadName<ServiceOperation>(nameof(Fault.Operation)),
            Status = ReadInteger(nameof(Fault.Status)),
            RetryAfter = ReadInteger(nameof(Fault.RetryAfter)),
            Delay = ReadDelay() ?? TimeSpan.Zero,
            Next = ReadInteger(nameof(Fault.Next)),
            Every = ReadInteger(nameof(Fault.Every)),
            Probability = ReadValue(nameof(Fault.Probability), Convert<double>, "a number"),
            Seed = ReadInteger(nameof(Fault.Seed)) ?? 0,
        };
        return fault.FindProblem() is { } problem ? throw new FormatException(problem) : fault;
    }

    private static string DescribeNames<T>()
        where T : struct, Enum => "one of " + string.Join(", ", (IEnumerable<string>)Enum.GetNames(typeof(T)));

    // PowerShell would also convert a number. It would convert several names to the sum of their numbers, which is another name.
    private static T? ParseName<T>(object value)
        where T : struct, Enum => Enum.GetNames(typeof(T)).Contains(value.ToString(), StringComparer.OrdinalIgnoreCase) ? Convert<T>(value) : null;

    private static T? Convert<T>(object value)
        where T : struct => LanguagePrimitives.TryConvertTo(value, out T converted) ? converted : null;

    private T? ReadName<T>(string key)
        where T : struct, Enum => ReadValue(key, ParseName<T>, DescribeNames<T>());

    private TimeSpan? ReadDelay()
    {
        try
        {
            return ReadValue(nameof(Fault.Delay)) is { } delay ? Duration.ReadWithinDay(delay) : null;
        }
        catch (FormatException problem)
        {
            throw new FormatException($"{nameof(Fault.Delay)}: {problem.Message}");
        }
    }

    private int? ReadInteger(string key) => ReadValue(key, Convert<int>, "a whole number");

    private T? ReadValue<T>(string key, Func<object, T?> read, string expected)
        where T : struct =>
        ReadValue(key) is { } value
            ? read(value) ?? throw new FormatException($"{key} must be {expected}, not '{value}'.")
            : null;

    private object? ReadValue(string key) => _values.TryGetValue(key, out object? value) ? value : null;
}
