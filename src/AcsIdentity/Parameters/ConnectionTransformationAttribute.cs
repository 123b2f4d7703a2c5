using System;
using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters;

/// <summary>Takes a connection, and refuses all else without quoting it: it may be a connection string.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) as AcsConnection
        ?? throw new ArgumentTransformationMetadataException("A connection is needed, as Connect-AcsIdentity and Get-AcsConnection give it.");
}
