using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Special;

/// <summary>Fourier transforms of overlapping windows of a real signal.</summary>
internal static class ShortTimeFourier
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::stft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor",
            (b, a) => Transform(b, a[0].AsValue(), a, 2, false, "reflect")),
        One("aten::stft.center(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, str pad_mode=\"reflect\", bool normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor",
            (b, a) => Transform(b, a[0].AsValue(), [.. a.Take(5), .. a.Skip(7)], 2, a[5].AsBool(), a[6].AsString())),
    ];

    /// <summary>Arguments without centring: signal, size, hop, window length, window, normalized, one-sided, complex.</summary>
    private static Value Transform(IGraphBuilder b, Value x, IReadOnlyList<Argument> a, int hopIndex, bool center, string padMode)
    {
        int size = (int)a[1].AsInt();
        long hop = a[hopIndex].IsNone ? size / 4 : a[hopIndex].AsInt();
        long length = a[3].IsNone ? size : a[3].AsInt();
        bool batched = x.Spec.Rank == 2;
        if (!batched)
            x = b.Unsqueeze(x, 0);
        if (center)
            x = b.Squeeze(b.Call1("aten::pad", b.Unsqueeze(x, 0), (long[])[size / 2, size / 2], padMode), 0);
        var frames = b.Call1("aten::unfold_copy", x, -1, size, hop);
        if (!a[4].IsNone || length != size)
        {
            var window = a[4].IsNone ? b.Constant(Constants.Filled(x.Spec.Type, [(int)length], 1)) : a[4].AsValue();
            long left = (size - length) / 2;
            if (length != size)
                window = b.Call1("aten::constant_pad_nd", window, (long[])[left, size - length - left], 0);
            frames = b.Mul(frames, window);
        }
        bool oneSided = a[6].IsNone || a[6].AsBool();
        var spectrum = b.Call1("aten::_fft_r2c", frames, (long[])[2], a[5].AsBool() ? 1 : 0, oneSided);
        var turned = b.Swap(!a[7].IsNone && a[7].AsBool() ? spectrum : b.Call1("aten::view_as_real_copy", spectrum), 1, 2);
        return batched ? turned : b.Squeeze(turned, 0);
    }
}
