using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Creation;

/// <summary>Window functions of signal processing, as constants.</summary>
internal static class WindowFunctionDecompositions
{
    private const string Options = "*, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None";

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        .. Pair("hann_window", (i, n) => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / n))),
        .. Pair("hamming_window", (i, n) => 0.54 - (0.46 * Math.Cos(2 * Math.PI * i / n))),
        .. Pair("blackman_window", (i, n) => 0.42 - (0.5 * Math.Cos(2 * Math.PI * i / n)) + (0.08 * Math.Cos(4 * Math.PI * i / n))),
        .. Pair("bartlett_window", (i, n) => 1 - Math.Abs((2 * i / n) - 1)),
        One($"aten::hamming_window.periodic_alpha_beta(int window_length, bool periodic, float alpha, float beta, {Options}) -> Tensor",
            (b, a) => Make(b, a[0], a[1].AsBool(), a[4], (i, n) => a[2].AsDouble() - (a[3].AsDouble() * Math.Cos(2 * Math.PI * i / n)))),
    ];

    private static IEnumerable<OperatorDefinition> Pair(string name, Func<double, double, double> window) =>
    [
        One($"aten::{name}(int window_length, {Options}) -> Tensor", (b, a) => Make(b, a[0], true, a[1], window)),
        One($"aten::{name}.periodic(int window_length, bool periodic, {Options}) -> Tensor", (b, a) => Make(b, a[0], a[1].AsBool(), a[2], window)),
    ];

    private static Value Make(IGraphBuilder b, Argument length, bool periodic, Argument type, Func<double, double, double> window)
    {
        int n = (int)length.AsInt();
        double period = periodic ? n : n - 1;
        return b.Constant(Constants.Of(type.IsNone ? ScalarType.Float : type.AsScalarType(), [n], [.. Enumerable.Range(0, n).Select(i => n == 1 ? 1 : window(i, period))]));
    }
}
