using System;
using System.Collections.Generic;

namespace AcsIdentity.Calls;

/// <summary>
/// One result on its way into the pipeline. Whether WriteObject returns or throws does not tell if the next command got
/// the object, because a stop may come later. Reading does: from then on the object belongs to the pipeline.
/// </summary>
/// <param name="result">The result.</param>
/// <param name="onRead">Called when the pipeline reads it.</param>
internal sealed class PipelineOutput<TResult>(TResult result, Action onRead)
{
    /// <summary>Whether the pipeline has the result.</summary>
    public bool IsRead { get; private set; }

    /// <summary>The sequence to write, with enumeration.</summary>
    public IEnumerable<TResult> Read()
    {
        IsRead = true;
        onRead();
        yield return result;
    }
}
