using System;
using System.Management.Automation;
using AcsIdentity.Calls;
using AcsIdentity.Errors;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;

namespace AcsIdentity.Commands;

/// <summary>The base of the cmdlets that act on identities. Accepts any object that has an id.</summary>
/// <typeparam name="TResult">The result of one call.</typeparam>
public abstract class IdentityCommand<TResult> : ServiceCommand<TResult>
    where TResult : class
{
    private protected const string IdentitySet = "Identity";

    /// <summary>The identities: objects of this module, ids, or any objects that have an id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = IdentitySet)]
    [IdentityTransformation]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(RecordedIdentityCompleter))]
    public PSObject?[]? Identity { get; set; } = [];

    private protected override int? Total => MyInvocation.ExpectingInput ? null : Inputs.Length;

    /// <summary>A null counts as one invalid identity, so that it gets this module's error.</summary>
    private PSObject?[] Inputs => Identity ?? [null];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (PSObject? input in Inputs)
        {
            string id;
            try
            {
                id = IdentityInput.ReadId(input);
            }
            catch (FormatException problem)
            {
                WriteError(AcsErrors.InvalidIdentity(problem.Message, IdentityInput.ReadTag(input), IdentityInput.GetErrorTarget(input)));
                continue;
            }

            ProcessIdentity(id, input, input.BaseObject is ICreated { CreatedBy.IsOver: false } created ? created : null);
        }
    }

    /// <summary>Processes one identity.</summary>
    /// <param name="id">The id, valid in form.</param>
    /// <param name="input">The object that the id came from.</param>
    /// <param name="created">The same object, if the same pipeline created the identity; else null.</param>
    private protected abstract void ProcessIdentity(string id, PSObject input, ICreated? created);
}
