using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>A request to the emulator. It is made when it is sent: its date, its signature and its tokens are of that moment.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The request target, with names such as {id} for values of the emulator.</param>
/// <param name="Body">The body, with such names.</param>
internal sealed record FuzzRequest(string Method, string Target, string Body = "")
{
    /// <summary>A right request to the service's test identity.</summary>
    public static FuzzRequest Create { get; } = new("POST", "/identities?api-version=2025-03-02-preview", """{"customId":"fuzz"}""");

    public Mutation? TargetMutation { get; init; }

    public Mutation? BodyMutation { get; init; }

    /// <summary>Whether the request has a signature, which is right for the changed target and body.</summary>
    public bool IsSigned { get; init; } = true;

    public bool IsSecure { get; init; } = true;

    /// <summary>Headers to set, or to change if the value is null.</summary>
    public IReadOnlyList<(string Name, string? Value, Mutation? Mutation)> Headers { get; init; } = [];

    /// <param name="emulator">The emulator to send it to.</param>
    /// <param name="fill">Replaces the names.</param>
    public EmulatorRequest Build(IdentityEmulator emulator, Func<string, string> fill)
    {
        string target = Change(fill(Target), TargetMutation);
        byte[] body = Encode(Change(fill(Body), BodyMutation));
        // The date that the emulator compares with.
        DateTimeOffset date = emulator.Clock.MovesRequestDates ? emulator.Clock.GetUtcNow() : DateTimeOffset.UtcNow;
        EmulatorRequest request = IsSigned
            ? SignedRequest.Create(emulator.AccessKey, Method, target, body, date)
            : EntraRequest.Create(Method, target) with { Body = body };
        return request.With(Headers.Select(header => (header.Name, Header(header.Value is null ? request.Header(header.Name) : fill(header.Value), header.Mutation))).ToArray()) with
        {
            IsSecure = IsSecure,
        };
    }

    public override string ToString()
    {
        var text = new StringBuilder($"{Method} {Change(Target, TargetMutation)}");
        foreach ((string name, string? value, Mutation? mutation) in Headers)
        {
            text.Append(" | ").Append(name).Append(": ").Append(Change(value ?? "(as it was)", mutation));
        }

        return $"{text} | {(IsSigned ? "signed" : "not signed")} | {Change(Body, BodyMutation)}";
    }

    private static string Change(string text, Mutation? mutation) => mutation?.Apply(text) ?? text;

    private static string? Header(string? value, Mutation? mutation) => value is null ? null : Change(value, mutation);

    /// <summary>Bytes that are not UTF-8, if the text has no character that needs it.</summary>
    private static byte[] Encode(string body) => (body.All(character => character <= '\u00ff') ? Encoding.Latin1 : Encoding.UTF8).GetBytes(body);
}
