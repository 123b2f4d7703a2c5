using System;
using System.Diagnostics.CodeAnalysis;
using Azure.Core;

namespace Azure.Communication.Identity;

/// <summary>Settings of <see cref="CommunicationIdentityClient"/>.</summary>
public class CommunicationIdentityClientOptions : ClientOptions
{
    /// <summary>Chooses the version of the service's API.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The version does not exist.</exception>
    public CommunicationIdentityClientOptions(ServiceVersion version = ServiceVersion.V2023_10_01)
    {
        ApiVersion = version switch
        {
            ServiceVersion.V2021_03_07 => "2021-03-07",
            ServiceVersion.V2022_06_01 => "2022-06-01",
            ServiceVersion.V2022_10_01 => "2022-10-01",
            ServiceVersion.V2023_10_01 => "2023-10-01",
            _ => throw new ArgumentOutOfRangeException(nameof(version)),
        };
    }

    internal string ApiVersion { get; }

    /// <summary>The versions of the service's API.</summary>
    [SuppressMessage("Naming", "CA1707", Justification = "The names are those of Microsoft's package.")]
    [SuppressMessage("Design", "CA1008", Justification = "The values are those of Microsoft's package.")]
    public enum ServiceVersion
    {
        /// <summary>2021-03-07.</summary>
        V2021_03_07 = 1,

        /// <summary>2022-06-01.</summary>
        V2022_06_01 = 2,

        /// <summary>2022-10-01.</summary>
        V2022_10_01 = 3,

        /// <summary>2023-10-01.</summary>
        V2023_10_01 = 4,
    }
}
