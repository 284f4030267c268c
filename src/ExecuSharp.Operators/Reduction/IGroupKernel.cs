using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Reduction;

/// <summary>Reduces the elements that belong to one output element.</summary>
internal interface IGroupKernel<T> where T : unmanaged
{
    /// <summary>Reads elements start … start + count - 1 of the reader and writes one output element.</summary>
    void Reduce(scoped ref OperandReader<T> elements, long start, long count, long output);
}
