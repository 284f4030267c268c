using System.Runtime.CompilerServices;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Indexing;

/// <summary>The index of one dimension: integers of a tensor, one coordinate of a mask's true elements, or none for the whole dimension.</summary>
internal struct IndexAxis
{
    /// <summary>The index tensor or mask; null for a whole dimension.</summary>
    public Tensor? Index;

    /// <summary>Position of the first value in the plan's values.</summary>
    public int Start;

    /// <summary>Number of values.</summary>
    public int Count;

    /// <summary>True if the values are coordinates of a mask's elements; their shape is then <see cref="Count"/>.</summary>
    public bool IsMask;

    /// <summary>Room for the axes of any tensor.</summary>
    [InlineArray(Broadcasting.MaxRank)]
    internal struct List
    {
        private IndexAxis first;
    }

    /// <summary>The shape of the values.</summary>
    /// <param name="room">One element that may be used.</param>
    public readonly ReadOnlySpan<int> Shape(Span<int> room)
    {
        if (!IsMask)
            return Index!.Sizes;
        room[0] = Count;
        return room[..1];
    }
}
