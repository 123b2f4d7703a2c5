using System;
using System.Threading;

namespace AcsIdentity.Service.Logging;

/// <summary>Tells the caller of a retry in a sentence for people. The log of the SDK has one for support.</summary>
internal static class RetryNotice
{
    private static readonly AsyncLocal<Action<string>?> _reader = new();

    /// <summary>Forwards the notices of the calls that follow in this asynchronous flow.</summary>
    public static void ForwardTo(Action<string>? reader)
    {
        // Setting the value costs a copy of the context for each call; nearly all have no reader.
        if (_reader.Value != reader)
        {
            _reader.Value = reader;
        }
    }

    /// <summary>Writes a notice if there is a reader.</summary>
    public static void Write(string reason, TimeSpan delay) =>
        _reader.Value?.Invoke(FormattableString.Invariant($"{reason}. The next try is in {Math.Round(delay.TotalSeconds, 1)} s, if the time limit allows it."));
}
