namespace AcsIdentity.Emulator.Identities;

/// <summary>What an api-version's exchange of a Teams user's token requires.</summary>
internal enum TeamsExchangeKind
{
    /// <summary>The version has no such exchange.</summary>
    None,

    /// <summary>The body has the token only.</summary>
    TokenOnly,

    /// <summary>The body names the application and the user too.</summary>
    TokenAndParties,
}
