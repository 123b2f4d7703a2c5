using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace AcsIdentity.Emulator.Http;

/// <summary>Reads the members of a request body as the service does: an unknown member is skipped, null is the same as absent.</summary>
internal sealed class JsonBody : IDisposable
{
    private readonly JsonDocument? _document;

    private JsonBody(JsonDocument? document) => _document = document;

    /// <summary>An empty body is an object without members: the service takes a create without one.</summary>
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
            throw ServiceRefusal.BodyMalformed();
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object || !HasReadableNames(document.RootElement))
        {
            document.Dispose();
            throw ServiceRefusal.BodyMalformed();
        }

        return new JsonBody(document);
    }

    public string? Text(string name) => Member(name) switch
    {
        null => null,
        { } value => StringOf(value) ?? throw ServiceRefusal.MemberMalformed(name, "a string"),
    };

    public long? Integer(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out long number) => number,
        _ => throw ServiceRefusal.MemberMalformed(name, "a whole number"),
    };

    public double? Number(string name) => Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out double number) => number,
        _ => throw ServiceRefusal.MemberMalformed(name, "a number"),
    };

    /// <summary>Refuses a member of any other name: for bodies whose reader must not guess what was meant.</summary>
    public void DemandOnly(params string[] names)
    {
        IEnumerable<JsonProperty> members = _document is null ? [] : _document.RootElement.EnumerateObject();
        if (members.Any(member => !names.Contains(member.Name)))
        {
            throw ServiceRefusal.ControlRefused(400, names.Length == 0 ? "No members are taken." : $"The members are {string.Join(", ", names)}.");
        }
    }

    public IReadOnlyList<string>? Texts(string name)
    {
        if (Member(name) is not { } array)
        {
            return null;
        }

        if (array.ValueKind != JsonValueKind.Array)
        {
            throw ServiceRefusal.MemberMalformed(name, "a list of strings");
        }

        var texts = new List<string>();
        foreach (JsonElement item in array.EnumerateArray())
        {
            texts.Add(StringOf(item) ?? throw ServiceRefusal.MemberMalformed(name, "a list of strings"));
        }

        return texts;
    }

    public void Dispose() => _document?.Dispose();

    /// <summary>Half a surrogate pair in a name makes every look-up by name throw.</summary>
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

    /// <summary>The string, or null where the value is none; half a surrogate pair (a lone \ud800) is none either.</summary>
    private static string? StringOf(JsonElement value)
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
        _document is not null && _document.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
