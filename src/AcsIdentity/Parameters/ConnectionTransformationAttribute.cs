using System;
using System.Management.Automation;
using System.Net;
using System.Security;
using AcsIdentity.Connections;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Shared;

namespace AcsIdentity.Parameters;

/// <summary>
/// Accepts a connection, the name of one, a connection string, or the emulator. The error does not quote the value: it may be
/// a connection string.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Source = "-Connection";
    private const string DeserializedType = "Deserialized.AcsIdentity.Models.AcsConnection";

    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        try
        {
            return Read(inputData);
        }
        catch (InvalidLedgerException broken)
        {
            throw new ArgumentTransformationMetadataException(VisibleText.Of(AcsErrors.Describe(broken)));
        }
        catch (FormatException broken)
        {
            throw new ArgumentTransformationMetadataException(VisibleText.Of(broken.Message));
        }
        catch (HttpListenerException refused)
        {
            throw new ArgumentTransformationMetadataException(AcsErrors.EmulatorNotStarted(refused, port: 0).Exception.Message);
        }
    }

    private static AcsConnection Read(object? input) => ArgumentValue.Unwrap(input) switch
    {
        AcsConnection connection => connection,
        AcsEmulator { IsRunning: true } => AcsConnection.OpenEmulator(Source, LedgerLocation.FromEnvironment()),
        AcsEmulator => throw new FormatException("This emulator was stopped. Start-AcsEmulator starts a new one."),
        SecureString secret => AcsConnection.Open(Secret.ToText(secret), Source, LedgerLocation.FromEnvironment()),
        string name when ValidateConnectionNameAttribute.IsValid(name) => SessionConnection.Named.TryGetValue(name, out AcsConnection? named)
            ? named
            : throw new FormatException(AcsErrors.DescribeNoSuchConnection(SessionConnection.Named.Keys)),
        string text => AcsConnection.Open(text, Source, LedgerLocation.FromEnvironment()),
        { } when PSObject.AsPSObject(input).TypeNames.Contains(DeserializedType) => throw new FormatException(
            "This connection came from a file or another process, without its credential. Run Connect-AcsIdentity in this process."),
        _ => throw new FormatException(
            "A connection is needed: an object of Connect-AcsIdentity, the name of a connection, a connection string, or the emulator of Start-AcsEmulator."),
    };
}
