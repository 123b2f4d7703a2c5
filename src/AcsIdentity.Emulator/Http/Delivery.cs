namespace AcsIdentity.Emulator.Http;

/// <summary>How much of a response a host sends.</summary>
public enum Delivery
{
    /// <summary>Sends the whole response.</summary>
    Whole,

    /// <summary>Sends the head and half of the body, and closes the connection.</summary>
    Half,

    /// <summary>Sends nothing and closes the connection.</summary>
    None,
}
