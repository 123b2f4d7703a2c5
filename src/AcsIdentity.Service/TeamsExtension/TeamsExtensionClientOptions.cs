using Azure.Core;

namespace AcsIdentity.Service.TeamsExtension;

/// <summary>The options of <see cref="TeamsExtensionClient"/>. They have nothing of their own, but the base class is abstract.</summary>
internal sealed class TeamsExtensionClientOptions : ClientOptions;
