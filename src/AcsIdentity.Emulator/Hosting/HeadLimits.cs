namespace AcsIdentity.Emulator.Hosting;

/// <summary>The longest head of a request that a host accepts. Those of the service's clients are far shorter.</summary>
public static class HeadLimits
{
    /// <summary>The length of all header fields together.</summary>
    public const int MaxHeaderBytes = 32 * 1024;

    /// <summary>The number of header fields.</summary>
    public const int MaxHeaderCount = 100;

    /// <summary>The length of the request line.</summary>
    public const int MaxRequestLineBytes = 8 * 1024;
}
