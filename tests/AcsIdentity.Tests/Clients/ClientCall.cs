using System;

namespace AcsIdentity.Tests.Clients;

/// <summary>A call for a client program. Null properties are not passed to the client.</summary>
internal sealed record ClientCall(ClientOperation Operation)
{
    public Uri? Endpoint { get; init; }

    public string? AccessKey { get; init; }

    /// <summary>Null for the client's default.</summary>
    public string? ApiVersion { get; init; }

    public string? Id { get; init; }

    public string[]? Scopes { get; init; }

    public int? Minutes { get; init; }

    public string? TeamsToken { get; init; }

    /// <summary>A token of the emulator's Entra tenant, for <see cref="ClientOperation.ExchangeEntra"/>.</summary>
    public string? EntraToken { get; init; }

    public string? AppId { get; init; }

    public string? UserId { get; init; }
}

/// <summary>The operations of the clients. Old versions have some of them.</summary>
internal enum ClientOperation
{
    Create,
    CreateWithToken,
    Issue,
    Revoke,
    Delete,
    Exchange,

    /// <summary>Exchanges an Entra token with AzureCommunicationTokenCredential. Only JavaScript's program has it.</summary>
    ExchangeEntra,
}

/// <summary>The result of a call: its values, a refusal of the service, or an error of the client itself.</summary>
internal sealed record ClientAnswer(string? Id, string? Token, DateTimeOffset? ExpiresOn, Refusal? Refusal, string? ClientError);

/// <summary>A refusal of the service, as the client reports it.</summary>
internal sealed record Refusal(int Status, string? Code, string? Message, string? Target = null);
