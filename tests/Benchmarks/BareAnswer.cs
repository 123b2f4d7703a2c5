namespace AcsIdentity.Benchmarks;

/// <summary>The constant answer of the bare hosts: that to a create.</summary>
internal static class BareAnswer
{
    public const string ContentType = "application/json; charset=utf-8";

    public static byte[] Body { get; } =
        """{"identity":{"id":"8:acs:00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000"}}"""u8.ToArray();
}
