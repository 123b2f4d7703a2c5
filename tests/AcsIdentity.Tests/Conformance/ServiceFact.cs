using System.Collections.Generic;

namespace AcsIdentity.Tests.Conformance;

/// <summary>One request and the service's answer to it.</summary>
/// <remarks>
/// In the path, the body and the message these stand for values of the test: {id}, an identity; {foreign}, an identity of another
/// resource; {token}, a valid token of a Teams user; {expired}, one that has expired; {app} and {user}, its application and user;
/// {endpoint}, the address of the emulator.
/// </remarks>
/// <param name="Evidence">How the answer is known.</param>
/// <param name="Source">Where the answer is from.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path.</param>
/// <param name="Body">The body; empty for none.</param>
/// <param name="Status">The status of the answer.</param>
internal sealed record ServiceFact(Evidence Evidence, string Source, string Method, string Path, string Body, int Status)
{
    public string Version { get; init; } = "2023-10-01";

    /// <summary>The code in the answer; null for a success.</summary>
    public string? Code { get; init; }

    public string? Message { get; init; }

    public string? Target { get; init; }

    /// <summary>The answer of a success, as a regular expression; null for no body.</summary>
    public string? Answer { get; init; }

    /// <summary>The value of api-supported-versions; null if the answer does not have it.</summary>
    public string? SupportedVersions { get; init; } = ServiceFacts.IdentityVersions;

    /// <summary>Other headers of the answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What is wrong with the request's signature.</summary>
    public SignatureMistake Mistake { get; init; }
}

/// <summary>Mistakes in the signature of a request.</summary>
internal enum SignatureMistake
{
    None,
    WrongKey,
    OtherBody,
    OldDate,
}
