using System;

namespace AcsIdentity.Tests.Clients;

/// <summary>A call for a client's program to make. What is null is left out.</summary>
internal sealed record ClientCall(ClientOperation Operation)
{
    public Uri? Endpoint { get; init; }

    public string? AccessKey { get; init; }

    /// <summary>Null for the one that the client takes by itself.</summary>
    public string? ApiVersion { get; init; }

    public string? Id { get; init; }

    public string[]? Scopes { get; init; }

    public int? Minutes { get; init; }

    public string? TeamsToken { get; init; }

    public string? AppId { get; init; }

    public string? UserId { get; init; }
}

/// <summary>What every client can do.</summary>
internal enum ClientOperation
{
    Create,
    CreateWithToken,
    Issue,
    Revoke,
    Delete,
    Exchange,
}

/// <summary>What became of a call: what it gave, a refusal of the service's, or an error of the client's own.</summary>
internal sealed record ClientAnswer(string? Id, string? Token, DateTimeOffset? ExpiresOn, Refusal? Refusal, string? ClientError);

/// <summary>A service's refusal, as a client hands it to its user.</summary>
internal sealed record Refusal(int Status, string? Code, string? Message, string? Target = null);
