using System;

namespace AcsIdentity.Tests.Moments;

/// <summary>What the proxy does to the bytes of a call.</summary>
internal enum DisturbanceKind
{
    /// <summary>Closes the connection. The rest of the message is lost.</summary>
    Cut,

    /// <summary>Closes the connection with a TCP reset.</summary>
    Reset,

    /// <summary>Holds the rest of the message for a while.</summary>
    Delay,

    /// <summary>Repeats the bytes of the message so far, and then sends its rest.</summary>
    Duplicate,

    /// <summary>Repeats the bytes of the message so far later, before the next message on the connection.</summary>
    DuplicateLater,

    /// <summary>Sends the rest of the message in small pieces.</summary>
    Trickle,
}

/// <summary>The two directions of the bytes through the proxy.</summary>
internal enum Direction
{
    /// <summary>From the module to the emulator.</summary>
    Request,

    /// <summary>From the emulator to the module.</summary>
    Answer,
}

/// <summary>One disturbance of a call, at a position of its request or its answer.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Direction">Where it happens.</param>
/// <param name="Position">After how many bytes.</param>
/// <param name="Pause">How long a delay lasts.</param>
/// <param name="PieceLength">The length of the pieces of a trickle.</param>
/// <param name="Connections">How many connections are disturbed. More than one also disturbs the retries.</param>
internal sealed record Disturbance(DisturbanceKind Kind, Direction Direction, int Position, TimeSpan Pause, int PieceLength, int Connections)
{
    /// <summary>Whether the emulator may get a request twice that the module sent once.</summary>
    public bool RepeatsRequest => Direction == Direction.Request && Kind is DisturbanceKind.Duplicate or DisturbanceKind.DuplicateLater;

    /// <summary>Chooses a disturbance.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="lengthOf">Returns the length of the messages of a direction.</param>
    public static Disturbance Create(Random random, Func<Direction, int> lengthOf)
    {
        DisturbanceKind kind = Pick<DisturbanceKind>(random);
        Direction direction = Pick<Direction>(random);
        int length = lengthOf(direction);
        (int first, int last) = kind switch
        {
            // Each needs something that comes before or after the position.
            DisturbanceKind.Duplicate or DisturbanceKind.DuplicateLater => (1, length),
            DisturbanceKind.Delay or DisturbanceKind.Trickle => (0, length - 1),
            _ => (0, length),
        };
        // The ends of a message are the positions with their own cases, so a quarter of the runs goes to each.
        int position = random.Next(4) switch
        {
            0 => first,
            1 => last,
            _ => random.Next(first, last + 1),
        };
        return new Disturbance(
            kind, direction, position, TimeSpan.FromMilliseconds(random.Next(1, 400)), PieceLength: random.Next(1, 64), Connections: random.Next(2) == 0 ? 1 : int.MaxValue);
    }

    /// <summary>Chooses a value of an enum.</summary>
    public static T Pick<T>(Random random)
        where T : struct, Enum
    {
        T[] values = Enum.GetValues<T>();
        return values[random.Next(values.Length)];
    }
}
