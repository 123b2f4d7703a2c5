using AcsIdentity.Ports;

namespace AcsIdentity.Calls;

/// <summary>Counts failures in a row that do not pass by themselves, so that a command need not repeat them for all its input.</summary>
/// <param name="limit">How many of them are too many; 0 for no limit.</param>
internal sealed class FailureStreak(int limit)
{
    private int _count;

    /// <summary>Counts a failure. One that may pass, or is about one identity only, ends the streak.</summary>
    /// <returns>Whether there are too many.</returns>
    public bool Add(FailureKind kind)
    {
        _count = kind is FailureKind.Connection or FailureKind.SignIn or FailureKind.Authentication or FailureKind.PermissionDenied ? _count + 1 : 0;
        return limit > 0 && _count >= limit;
    }

    /// <summary>Counts a success.</summary>
    public void Reset() => _count = 0;
}
