using AcsIdentity.Ports;

namespace AcsIdentity.Ledger;

/// <summary>Refuses a tag that a record would not keep as it is.</summary>
internal static class LedgerTag
{
    /// <exception cref="LedgerException">No ledger can keep the tag.</exception>
    public static void Require(string? tag, string location)
    {
        if (tag is not null && RecordableTag.FindProblem(tag) is { } problem)
        {
            throw new LedgerException(LedgerFailureKind.Invalid, location, problem);
        }
    }
}
