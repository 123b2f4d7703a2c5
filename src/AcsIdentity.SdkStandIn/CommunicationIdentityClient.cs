using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Shared;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Communication.Identity;

/// <summary>Creates and deletes users of a Communication Services resource, and issues and revokes their access tokens.</summary>
/// <remarks>Every method throws <see cref="RequestFailedException"/> if the service rejects the request or cannot be reached.</remarks>
public class CommunicationIdentityClient
{
    // Microsoft's clients request the scope with this double slash.
    private const string EntraScope = "https://communication.azure.com//.default";

    private readonly HttpPipeline _pipeline = null!;
    private readonly IdentityRestClient _rest = null!;

    /// <summary>Connects with a connection string.</summary>
    public CommunicationIdentityClient(string connectionString)
        : this(connectionString, new CommunicationIdentityClientOptions())
    {
    }

    /// <summary>Connects with a connection string.</summary>
    public CommunicationIdentityClient(string connectionString, CommunicationIdentityClientOptions options)
        : this(ConnectionString.Parse(connectionString), options)
    {
    }

    /// <summary>Connects with an access key.</summary>
    public CommunicationIdentityClient(Uri endpoint, AzureKeyCredential keyCredential, CommunicationIdentityClientOptions? options = null)
        : this(
            endpoint ?? throw new ArgumentNullException(nameof(endpoint)),
            new HmacAuthenticationPolicy(keyCredential ?? throw new ArgumentNullException(nameof(keyCredential))),
            options)
    {
    }

    /// <summary>Connects with an Entra identity. The endpoint must be https.</summary>
    public CommunicationIdentityClient(Uri endpoint, TokenCredential tokenCredential, CommunicationIdentityClientOptions? options = null)
        : this(
            endpoint ?? throw new ArgumentNullException(nameof(endpoint)),
            new BearerTokenAuthenticationPolicy(tokenCredential ?? throw new ArgumentNullException(nameof(tokenCredential)), EntraScope),
            options)
    {
    }

    /// <summary>Initializes a new instance for mocking.</summary>
    protected CommunicationIdentityClient()
    {
    }

    private CommunicationIdentityClient((Uri Endpoint, AzureKeyCredential Key) connection, CommunicationIdentityClientOptions options)
        : this(connection.Endpoint, connection.Key, options)
    {
    }

    private CommunicationIdentityClient(Uri endpoint, HttpPipelinePolicy authentication, CommunicationIdentityClientOptions? options)
    {
        options ??= new CommunicationIdentityClientOptions();
        _pipeline = HttpPipelineBuilder.Build(options, authentication);
        _rest = new IdentityRestClient(_pipeline, endpoint, options.ApiVersion);
    }

    /// <summary>Creates a user.</summary>
    public virtual Response<CommunicationUserIdentifier> CreateUser(CancellationToken cancellationToken = default) =>
        UserOf(Send(_rest.Create(null, default), IdentityRestClient.ReadCreated, cancellationToken));

    /// <inheritdoc cref="CreateUser"/>
    public virtual async Task<Response<CommunicationUserIdentifier>> CreateUserAsync(CancellationToken cancellationToken = default) =>
        UserOf(await SendAsync(_rest.Create(null, default), IdentityRestClient.ReadCreated, cancellationToken).ConfigureAwait(false));

    /// <summary>Creates a user with a token for 24 hours.</summary>
    public virtual Response<CommunicationUserIdentifierAndToken> CreateUserAndToken(
        IEnumerable<CommunicationTokenScope> scopes, CancellationToken cancellationToken = default) =>
        CreateUserAndToken(scopes, default, cancellationToken);

    /// <inheritdoc cref="CreateUserAndToken(IEnumerable{CommunicationTokenScope}, CancellationToken)"/>
    public virtual Task<Response<CommunicationUserIdentifierAndToken>> CreateUserAndTokenAsync(
        IEnumerable<CommunicationTokenScope> scopes, CancellationToken cancellationToken = default) =>
        CreateUserAndTokenAsync(scopes, default, cancellationToken);

    /// <summary>Creates a user with a token for the given time, 1 to 24 hours.</summary>
    public virtual Response<CommunicationUserIdentifierAndToken> CreateUserAndToken(
        IEnumerable<CommunicationTokenScope> scopes, TimeSpan tokenExpiresIn, CancellationToken cancellationToken = default) =>
        Send(_rest.Create(scopes, tokenExpiresIn), IdentityRestClient.ReadCreated, cancellationToken);

    /// <inheritdoc cref="CreateUserAndToken(IEnumerable{CommunicationTokenScope}, TimeSpan, CancellationToken)"/>
    public virtual async Task<Response<CommunicationUserIdentifierAndToken>> CreateUserAndTokenAsync(
        IEnumerable<CommunicationTokenScope> scopes, TimeSpan tokenExpiresIn, CancellationToken cancellationToken = default) =>
        await SendAsync(_rest.Create(scopes, tokenExpiresIn), IdentityRestClient.ReadCreated, cancellationToken).ConfigureAwait(false);

    /// <summary>Issues a token for 24 hours.</summary>
    public virtual Response<AccessToken> GetToken(
        CommunicationUserIdentifier communicationUser, IEnumerable<CommunicationTokenScope> scopes, CancellationToken cancellationToken = default) =>
        GetToken(communicationUser, scopes, default, cancellationToken);

    /// <inheritdoc cref="GetToken(CommunicationUserIdentifier, IEnumerable{CommunicationTokenScope}, CancellationToken)"/>
    public virtual Task<Response<AccessToken>> GetTokenAsync(
        CommunicationUserIdentifier communicationUser, IEnumerable<CommunicationTokenScope> scopes, CancellationToken cancellationToken = default) =>
        GetTokenAsync(communicationUser, scopes, default, cancellationToken);

    /// <summary>Issues a token for the given time, 1 to 24 hours.</summary>
    public virtual Response<AccessToken> GetToken(
        CommunicationUserIdentifier communicationUser,
        IEnumerable<CommunicationTokenScope> scopes,
        TimeSpan tokenExpiresIn,
        CancellationToken cancellationToken = default) =>
        Send(IssueTokenMessage(communicationUser, scopes, tokenExpiresIn), IdentityRestClient.ReadToken, cancellationToken);

    /// <inheritdoc cref="GetToken(CommunicationUserIdentifier, IEnumerable{CommunicationTokenScope}, TimeSpan, CancellationToken)"/>
    public virtual async Task<Response<AccessToken>> GetTokenAsync(
        CommunicationUserIdentifier communicationUser,
        IEnumerable<CommunicationTokenScope> scopes,
        TimeSpan tokenExpiresIn,
        CancellationToken cancellationToken = default) =>
        await SendAsync(IssueTokenMessage(communicationUser, scopes, tokenExpiresIn), IdentityRestClient.ReadToken, cancellationToken).ConfigureAwait(false);

    /// <summary>Exchanges a Teams user's Entra token for an access token.</summary>
    public virtual Response<AccessToken> GetTokenForTeamsUser(GetTokenForTeamsUserOptions options, CancellationToken cancellationToken = default) =>
        Send(_rest.ExchangeTeamsToken(Required(options, nameof(options))), IdentityRestClient.ReadToken, cancellationToken);

    /// <inheritdoc cref="GetTokenForTeamsUser"/>
    public virtual async Task<Response<AccessToken>> GetTokenForTeamsUserAsync(
        GetTokenForTeamsUserOptions options, CancellationToken cancellationToken = default) =>
        await SendAsync(_rest.ExchangeTeamsToken(Required(options, nameof(options))), IdentityRestClient.ReadToken, cancellationToken).ConfigureAwait(false);

    /// <summary>Revokes all tokens of a user.</summary>
    public virtual Response RevokeTokens(CommunicationUserIdentifier communicationUser, CancellationToken cancellationToken = default) =>
        Send(_rest.RevokeTokens(IdOf(communicationUser)), IdentityRestClient.ReadNoContent, cancellationToken);

    /// <inheritdoc cref="RevokeTokens"/>
    public virtual async Task<Response> RevokeTokensAsync(CommunicationUserIdentifier communicationUser, CancellationToken cancellationToken = default) =>
        await SendAsync(_rest.RevokeTokens(IdOf(communicationUser)), IdentityRestClient.ReadNoContent, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes a user with its data, and revokes its tokens.</summary>
    public virtual Response DeleteUser(CommunicationUserIdentifier communicationUser, CancellationToken cancellationToken = default) =>
        Send(_rest.Delete(IdOf(communicationUser)), IdentityRestClient.ReadNoContent, cancellationToken);

    /// <inheritdoc cref="DeleteUser"/>
    public virtual async Task<Response> DeleteUserAsync(CommunicationUserIdentifier communicationUser, CancellationToken cancellationToken = default) =>
        await SendAsync(_rest.Delete(IdOf(communicationUser)), IdentityRestClient.ReadNoContent, cancellationToken).ConfigureAwait(false);

    private static Response<CommunicationUserIdentifier> UserOf(Response<CommunicationUserIdentifierAndToken> created) =>
        Response.FromValue(created.Value.User, created.GetRawResponse());

    private static string IdOf(CommunicationUserIdentifier communicationUser) => Required(communicationUser, nameof(communicationUser)).Id;

    private static T Required<T>(T? argument, string name)
        where T : class => argument ?? throw new ArgumentNullException(name);

    private HttpMessage IssueTokenMessage(CommunicationUserIdentifier communicationUser, IEnumerable<CommunicationTokenScope> scopes, TimeSpan tokenExpiresIn) =>
        _rest.IssueToken(IdOf(communicationUser), Required(scopes, nameof(scopes)), tokenExpiresIn);

    private T Send<T>(HttpMessage message, Func<Response, T> read, CancellationToken cancellationToken)
    {
        using (message)
        {
            _pipeline.Send(message, cancellationToken);
            return read(message.Response);
        }
    }

    private async Task<T> SendAsync<T>(HttpMessage message, Func<Response, T> read, CancellationToken cancellationToken)
    {
        using (message)
        {
            await _pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
            return read(message.Response);
        }
    }
}
