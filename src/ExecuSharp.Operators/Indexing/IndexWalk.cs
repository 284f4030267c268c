using System.Runtime.CompilerServices;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Indexing;

/// <summary>Visits all coordinates of an index tensor, with the places of the same coordinates in two other tensors.</summary>
internal ref struct IndexWalk
{
    private readonly ReadOnlySpan<int> sizes;
    private readonly ReadOnlySpan<int> places;
    private readonly ReadOnlySpan<int> target;
    private readonly ReadOnlySpan<int> other;
    private readonly int dim;
    private readonly long dimStride;
    private Coordinates at;
    private long left;
    private int indexed;
    private bool started;

    /// <summary>Begins.</summary>
    /// <param name="index">The index tensor, whose coordinates are visited.</param>
    /// <param name="target">The tensor that is indexed.</param>
    /// <param name="dim">The dimension in which the index replaces the coordinate.</param>
    /// <param name="other">Strides of the tensor that has the coordinates of the index; none if it has a single element for all.</param>
    public IndexWalk(Tensor index, Tensor target, int dim, ReadOnlySpan<int> other)
    {
        KernelChecks.Require(index.Rank <= Broadcasting.MaxRank, $"{index.Rank} dimensions");
        sizes = index.Sizes;
        places = index.Strides;
        this.target = target.Strides;
        this.other = other;
        this.dim = dim;
        dimStride = target.Rank == 0 ? 1 : target.Strides[dim];
        left = index.Numel;
    }

    /// <summary>Place in the index tensor.</summary>
    public int Place { get; private set; }

    /// <summary>Place in the other tensor.</summary>
    public int Other { get; private set; }

    /// <summary>Place in the indexed tensor for an index.</summary>
    public readonly long Indexed(long value) => indexed + (value * dimStride);

    /// <summary>Goes on.</summary>
    public bool Next()
    {
        if (left-- <= 0)
            return false;
        if (!started)
        {
            started = true;
            return true;
        }
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            int own = d < target.Length && d != dim ? target[d] : 0, his = d < other.Length ? other[d] : 0;
            if (++at[d] < sizes[d])
            {
                Place += places[d];
                indexed += own;
                Other += his;
                return true;
            }
            Place -= places[d] * (sizes[d] - 1);
            indexed -= own * (sizes[d] - 1);
            Other -= his * (sizes[d] - 1);
            at[d] = 0;
        }
        return true;
    }

    [InlineArray(Broadcasting.MaxRank)]
    private struct Coordinates
    {
        private int first;
    }
}
