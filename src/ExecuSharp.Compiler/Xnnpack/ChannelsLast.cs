using ExecuSharp.Core;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>The order of XNNPACK's convolutions: [N, C, H, W] as [N, H, W, C], and a one-dimensional [N, C, L] as [N, 1, L, C].</summary>
internal static class ChannelsLast
{
    /// <summary>[N, C, H, W] to [N, H, W, C].</summary>
    public static readonly uint[] From4 = [0, 2, 3, 1];

    /// <summary>[N, H, W, C] to [N, C, H, W].</summary>
    public static readonly uint[] To4 = [0, 3, 1, 2];

    /// <summary>[N, C, L] to [N, L, C] and back.</summary>
    public static readonly uint[] Swap3 = [0, 2, 1];

    /// <summary>True for the ranks that have this order.</summary>
    public static bool Has(int rank) => rank is 3 or 4;

    /// <summary>Something per dimension, reordered.</summary>
    /// <param name="perDim">Three or four entries.</param>
    /// <param name="inserted">The entry of the height that three dimensions lack.</param>
    public static T[] Of<T>(T[] perDim, T inserted) =>
        perDim.Length == 4 ? [perDim[0], perDim[2], perDim[3], perDim[1]] : [perDim[0], inserted, perDim[2], perDim[1]];

    /// <summary>Where a dimension goes.</summary>
    public static int Axis(int rank, int axis) => axis switch
    {
        0 => 0,
        1 => 3,
        2 when rank == 4 => 1,
        _ => 2,
    };

    /// <summary>A constant in this order. One of fewer dimensions broadcasts from the right, so ones are put before it.</summary>
    /// <param name="constant">At most <paramref name="rank"/> dimensions.</param>
    /// <param name="rank">Dimensions of the value that it meets.</param>
    public static Tensor Of(Tensor constant, int rank)
    {
        int[] sizes = [.. Enumerable.Repeat(1, rank - constant.Rank), .. constant.Sizes.ToArray()];
        if (rank == 3)
            sizes = [sizes[0], sizes[1], 1, sizes[2]];
        return TensorTransforms.Permute(TensorTransforms.Reshape(constant, sizes), 0, 2, 3, 1);
    }
}
