using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>Reads and writes faults as JSON. The members are the properties of <see cref="Fault"/>; delay is in milliseconds.</summary>
internal static class FaultJson
{
    /// <exception cref="ServiceError">A member is unknown, missing or out of range, or the fault contradicts itself.</exception>
    public static Fault Read(JsonBody body)
    {
        body.AllowOnly("kind", "operation", "status", "retryAfter", "delay", "next", "every", "probability", "seed");
        var fault = new Fault
        {
            Kind = ReadEnum<FaultKind>(body, "kind") ?? throw ServiceError.InvalidControlRequest(400, $"The member kind is required: one of {Names<FaultKind>()}."),
            Operation = ReadEnum<ServiceOperation>(body, "operation"),
            Status = ReadInteger(body, "status"),
            RetryAfter = ReadInteger(body, "retryAfter"),
            Delay = TimeSpan.FromMilliseconds(ReadInteger(body, "delay") ?? 0),
            Next = ReadInteger(body, "next"),
            Every = ReadInteger(body, "every"),
            Probability = body.GetNumber("probability"),
            Seed = ReadInteger(body, "seed") ?? 0,
        };
        return fault.FindProblem() is { } problem ? throw ServiceError.InvalidControlRequest(400, problem) : fault;
    }

    public static void Write(Utf8JsonWriter json, IEnumerable<(Fault Fault, int Hits)> faults)
    {
        json.WriteStartArray("faults");
        foreach ((Fault fault, int hits) in faults)
        {
            json.WriteStartObject();
            json.WriteString("kind", fault.Kind.ToString());
            json.WriteString("operation", fault.Operation?.ToString());
            json.WriteNumber("hits", hits);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static T? ReadEnum<T>(JsonBody body, string member)
        where T : struct, Enum
    {
        // By name only: Enum.Parse also reads numbers.
        return body.GetString(member) switch
        {
            null => null,
            { } text when Enum.GetNames(typeof(T)).Contains(text, StringComparer.OrdinalIgnoreCase) => (T)Enum.Parse(typeof(T), text, ignoreCase: true),
            _ => throw ServiceError.InvalidControlRequest(400, $"The member {member} must be one of {Names<T>()}."),
        };
    }

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", (IEnumerable<string>)Enum.GetNames(typeof(T)));

    private static int? ReadInteger(JsonBody body, string member) => body.GetInteger(member) switch
    {
        null => null,
        { } value and >= int.MinValue and <= int.MaxValue => (int)value,
        _ => throw ServiceError.MemberMalformed(member, "a whole number"),
    };
}
