namespace AcsIdentity.Calls;

/// <summary>An identity or token that flows through a pipeline.</summary>
internal interface ICreated
{
    /// <summary>The id of the identity.</summary>
    string Id { get; }

    /// <summary>The run of New-AcsIdentity that created the identity, if it is in the same pipeline; else null.</summary>
    CreationRun? CreatedBy { get; }
}
