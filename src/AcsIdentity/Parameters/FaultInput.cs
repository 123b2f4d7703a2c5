using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Parameters;

/// <summary>What -Fault takes: a hashtable whose keys are the properties of <see cref="Fault"/>, in any case.</summary>
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
    /// <exception cref="FormatException">A key or a value is wrong. The message says which, and what would be right.</exception>
    public static Fault Read(IDictionary? table) =>
        table is null ? throw new FormatException("A fault is a hashtable.") : new FaultInput(table).ToFault();

    private Fault ToFault()
    {
        if (_values.Keys.FirstOrDefault(key => !_keys.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new FormatException($"'{unknown}' is no key of a fault. The keys are {string.Join(", ", _keys)}.");
        }

        var fault = new Fault
        {
            Kind = Name<FaultKind>(nameof(Fault.Kind)) ?? throw new FormatException($"Kind is missing: {OneOf<FaultKind>()}."),
            Operation = Name<ServiceOperation>(nameof(Fault.Operation)),
            Status = Integer(nameof(Fault.Status)),
            RetryAfter = Integer(nameof(Fault.RetryAfter)),
            Delay = ReadDelay() ?? TimeSpan.Zero,
            Next = Integer(nameof(Fault.Next)),
            Every = Integer(nameof(Fault.Every)),
            Probability = Value(nameof(Fault.Probability), Convert<double>, "a number"),
            Seed = Integer(nameof(Fault.Seed)) ?? 0,
        };
        return fault.Problem() is { } problem ? throw new FormatException(problem) : fault;
    }

    private static string OneOf<T>()
        where T : struct, Enum => "one of " + string.Join(", ", (IEnumerable<string>)Enum.GetNames(typeof(T)));

    // PowerShell converts numbers too, and of several names makes the sum of their numbers, which is another name.
    private static T? ByName<T>(object value)
        where T : struct, Enum => Enum.GetNames(typeof(T)).Contains(value.ToString(), StringComparer.OrdinalIgnoreCase) ? Convert<T>(value) : null;

    private static T? Convert<T>(object value)
        where T : struct => LanguagePrimitives.TryConvertTo(value, out T converted) ? converted : null;

    private T? Name<T>(string key)
        where T : struct, Enum => Value(key, ByName<T>, OneOf<T>());

    private TimeSpan? ReadDelay()
    {
        try
        {
            return Value(nameof(Fault.Delay)) is { } delay ? Duration.ReadWithinDay(delay) : null;
        }
        catch (FormatException problem)
        {
            throw new FormatException($"{nameof(Fault.Delay)}: {problem.Message}");
        }
    }

    private int? Integer(string key) => Value(key, Convert<int>, "a whole number");

    private T? Value<T>(string key, Func<object, T?> read, string needed)
        where T : struct =>
        Value(key) is { } value
            ? read(value) ?? throw new FormatException($"{key} is {needed}, and not '{value}'.")
            : null;

    private object? Value(string key) => _values.TryGetValue(key, out object? value) ? value : null;
}
