namespace AcsIdentity.Tests.Conformance;

/// <summary>How it is known what the service answers.</summary>
public enum Evidence
{
    /// <summary>A recording of the service, in the test suites of Microsoft's clients.</summary>
    Recorded,

    /// <summary>An answer of the service that someone published, such as in an issue.</summary>
    Published,

    /// <summary>What a published client sends and requires. No answer of the service was seen.</summary>
    Client,

    /// <summary>Someone's program expects it.</summary>
    SecondHand,

    /// <summary>No source shows it. The emulator answers as in the most similar case.</summary>
    None,
}
