namespace ExecuSharp.Core;

/// <summary>How far a tensor's sizes may change at run time (program.fbs: TensorShapeDynamism).</summary>
public enum ShapeDynamism : byte
{
    /// <summary>Never.</summary>
    Static = 0,
    /// <summary>Up to the element count of the sizes in the program; the rank is fixed.</summary>
    DynamicBound = 1,
    /// <summary>Without limit.</summary>
    DynamicUnbound = 2,
}
