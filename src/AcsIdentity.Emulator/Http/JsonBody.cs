using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace AcsIdentity.Emulator.Http;

/// <summary>Reads the members of a JSON request body as the service does: unknown members are ignored, null means missing.</summary>
internal sealed class JsonBody : IDisposable
{
    private readonly JsonDocument? _document;
    private readonly JsonElement? _root;

    private JsonBody(JsonDocument? document)
    {
        _document = document;
        _root = document?.RootElement;
    }

    private JsonBody(JsonElement root) => _root = root;

    /// <summary>Parses a body. An empty body counts as an empty object, because the service accepts a create without a body.</summary>
    /// <exception cref="ServiceError">The body is not a JSON object.</exception>
    public static JsonBody Read(byte[] body)
    {
        if (body.Length == 0)
        {
            return new JsonBody(null);
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            throw ServiceError.BodyMalformed();
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object || !HasReadableNames(document.RootElement))
        {
            document.Dispose();
            throw ServiceError.BodyMalformed();
        }

        return new JsonBody(document);
    }

    public string? GetString(string name) => Member(name) switch
    {
        null => null,
        { } value => StringValue(value) ?? throw ServiceError.MemberMalformed(name, "a string"),
    };

    public long? GetInteger(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out long number) => number,
        _ => throw ServiceError.MemberMalformed(name, "a whole number"),
    };

    public double? GetNumber(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out double number) => number,
        _ => throw ServiceError.MemberMalformed(name, "a number"),
    };

    public bool? GetBoolean(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw ServiceError.MemberMalformed(name, "true or false"),
    };

    /// <summary>Reads an ISO 8601 time. It must have a zone: the client's local time may not be the emulator's.</summary>
    public DateTimeOffset? GetTime(string name) => Member(name) switch
    {
        null => null,
        { } value when StringValue(value) is not null && value.TryGetDateTimeOffset(out DateTimeOffset time) && value.GetDateTime().Kind != DateTimeKind.Unspecified => time,
        _ => throw ServiceError.MemberMalformed(name, "an ISO 8601 time with a zone, such as 2030-12-01T00:00:00Z"),
    };

    /// <summary>Rejects members with other names, so that a misspelled name is not ignored.</summary>
    /// <exception cref="ServiceError">The body has another member.</exception>
    public void AllowOnly(params string[] names)
    {
        IEnumerable<JsonProperty> members = _root is null ? [] : _root.Value.EnumerateObject();
        if (members.Any(member => !names.Contains(member.Name)))
        {
            throw ServiceError.InvalidControlRequest(400, names.Length == 0 ? "The body must have no members." : $"The body may have only the members {string.Join(", ", names)}.");
        }
    }

    public IReadOnlyList<string>? GetStrings(string name)
    {
        if (Member(name) is not { } array)
        {
            return null;
        }

        if (array.ValueKind != JsonValueKind.Array)
        {
            throw ServiceError.MemberMalformed(name, "a list of strings");
        }

        var texts = new List<string>();
        foreach (JsonElement item in array.EnumerateArray())
        {
            texts.Add(StringValue(item) ?? throw ServiceError.MemberMalformed(name, "a list of strings"));
        }

        return texts;
    }

    /// <summary>Reads all members, whose names are not known. Each is an object or null, and lives as long as this body.</summary>
    /// <exception cref="ServiceError">A member is no object.</exception>
    public IEnumerable<(string Name, JsonBody? Members)> GetObjects()
    {
        IEnumerable<JsonProperty> members = _root is null ? [] : _root.Value.EnumerateObject();
        return members.Select(member => (member.Name, member.Value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Object when HasReadableNames(member.Value) => new JsonBody(member.Value),
            _ => throw ServiceError.MemberMalformed(member.Name, "an object or null"),
        }));
    }

    public void Dispose() => _document?.Dispose();

    /// <summary>Checks for half a surrogate pair in a name, which makes every look-up by name throw.</summary>
    private static bool HasReadableNames(JsonElement body)
    {
        try
        {
            return body.EnumerateObject().All(member => member.Name is not null);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <returns>The string; null if the value is not a string, or contains half a surrogate pair (a lone \ud800).</returns>
    private static string? StringValue(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private JsonElement? Member(string name) =>
        _root is { } root && root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
