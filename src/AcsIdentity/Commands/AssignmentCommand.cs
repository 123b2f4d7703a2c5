using System;
using System.Management.Automation;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;

namespace AcsIdentity.Commands;

/// <summary>The base of the cmdlets that act on the access of a Teams user or a Teams resource account.</summary>
/// <typeparam name="TResult">The result of one call.</typeparam>
public abstract class AssignmentCommand<TResult> : ServiceCommand<TResult>
    where TResult : class
{
    /// <summary>The Entra tenant of the user or the resource account.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [GuidTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public Guid TenantId { get; set; }

    /// <summary>The object id of the user or the resource account in Entra, such as Get-CsOnlineApplicationInstance returns.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [GuidTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public Guid ObjectId { get; set; }

    private protected override int? Total => MyInvocation.ExpectingInput ? null : 1;

    private protected override bool IsRecorded => false;
}
