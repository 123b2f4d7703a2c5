using System;

namespace Azure.Communication.Identity;

/// <summary>A permission of an access token. Any string can be a scope, because the service may have scopes that are not listed here.</summary>
public readonly struct CommunicationTokenScope : IEquatable<CommunicationTokenScope>
{
    private readonly string? _value;

    /// <summary>Creates a scope.</summary>
    /// <param name="value">The name. It is sent to the service unchanged.</param>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public CommunicationTokenScope(string value) => _value = value ?? throw new ArgumentNullException(nameof(value));

    /// <summary>Full access to chat.</summary>
    public static CommunicationTokenScope Chat { get; } = new("chat");

    /// <summary>Access to the chat threads that the user has been added to.</summary>
    public static CommunicationTokenScope ChatJoin { get; } = new("chat.join");

    /// <summary>As <see cref="ChatJoin"/>, without adding or removing participants.</summary>
    public static CommunicationTokenScope ChatJoinLimited { get; } = new("chat.join.limited");

    /// <summary>Full access to calling.</summary>
    public static CommunicationTokenScope VoIP { get; } = new("voip");

    /// <summary>Access to calls that the user has been invited to.</summary>
    public static CommunicationTokenScope VoIPJoin { get; } = new("voip.join");

    /// <summary>Whether two scopes are equal. Case does not matter.</summary>
    public static bool operator ==(CommunicationTokenScope left, CommunicationTokenScope right) => left.Equals(right);

    /// <summary>Whether two scopes differ. Case does not matter.</summary>
    public static bool operator !=(CommunicationTokenScope left, CommunicationTokenScope right) => !left.Equals(right);

    /// <summary>Creates a scope from its name.</summary>
    public static implicit operator CommunicationTokenScope(string value) => new(value);

    /// <inheritdoc/>
    public bool Equals(CommunicationTokenScope other) => string.Equals(_value, other._value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CommunicationTokenScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(_value);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
