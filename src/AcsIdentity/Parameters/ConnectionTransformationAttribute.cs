using System;
using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters;

/// <summary>Accepts a connection only. The error does not quote the value: it may be a connection string.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) as AcsConnection
        ?? throw new ArgumentTransformationMetadataException("A connection is needed. Get one from Connect-AcsIdentity or Get-AcsConnection.");
}
