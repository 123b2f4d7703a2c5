namespace AcsIdentity.Calls;

/// <summary>What stands for an identity in a pipeline.</summary>
internal interface ICreated
{
    string Id { get; }

    /// <summary>What created the identity, where that was the pipeline that this object came down; else null.</summary>
    CreationRun? CreatedBy { get; }
}
