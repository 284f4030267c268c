using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Special;

/// <summary>One-dimensional Fourier transforms of real signals.</summary>
internal static class FourierDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::fft_rfft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor", Forward),
        One("aten::fft_irfft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor", Inverse),
        One("aten::view_as_real(Tensor self) -> Tensor", (b, a) => b.Call1("aten::view_as_real_copy", a[0])),
    ];

    private static Value Forward(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = b.Floating(a[0].AsValue());
        int dim = Layouts.Wrap(x, a[2].AsInt());
        long size = a[1].IsNone ? x.Spec.Sizes[dim].Value : a[1].AsInt();
        // c10: normalization 0 none, 1 by the root of n, 2 by n
        long normalization = Norm(a[3]) switch { "forward" => 2, "ortho" => 1, _ => 0 };
        return b.Call1("aten::_fft_r2c", Resized(b, x, dim, size), (long[])[dim], normalization, true);
    }

    private static Value Inverse(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        int dim = Layouts.Wrap(x, a[2].AsInt());
        long size = a[1].IsNone ? 2 * (x.Spec.Sizes[dim].Value - 1) : a[1].AsInt();
        string norm = Norm(a[3]);
        if (x.Spec.Type.IsComplex())
            return b.Call1("aten::_fft_c2r", b.Slice(x, dim, 0, (size / 2) + 1), (long[])[dim], norm switch { "forward" => 0, "ortho" => 1, _ => 2 }, size);
        return Cosines(b, Resized(b, b.Floating(x), dim, (size / 2) + 1), dim, (int)size, norm switch { "forward" => 1, "ortho" => 1 / Math.Sqrt(size), _ => 1.0 / size });
    }

    /// <summary>A real half spectrum is a sum of cosines.</summary>
    private static Value Cosines(IGraphBuilder b, Value x, int dim, int size, double scale)
    {
        int half = (size / 2) + 1;
        var matrix = new double[half * size];
        for (int k = 0; k < half; k++)
            for (int t = 0; t < size; t++)
                matrix[(k * size) + t] = Math.Cos(2 * Math.PI * k * t / size) * scale * (k == 0 || 2 * k == size ? 1 : 2);
        var last = b.Swap(x, dim, -1);
        return b.Swap(Linear.MatmulDecompositions.Matmul(b, last, b.Constant(Constants.Of(x.Spec.Type, [half, size], matrix))), dim, -1);
    }

    private static Value Resized(IGraphBuilder b, Value x, int dim, long size)
    {
        long own = x.Spec.Sizes[dim].Value;
        return own == size ? x : own > size ? b.Slice(x, dim, 0, size)
            : b.Call1("aten::constant_pad_nd", x, Indexing.JoinDecompositions.Pad(x.Spec.Rank, dim, 0, size - own), 0);
    }

    private static string Norm(Argument norm) => norm.IsNone ? "backward" : norm.AsString();
}
