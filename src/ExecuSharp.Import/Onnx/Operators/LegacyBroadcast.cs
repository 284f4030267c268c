using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Before opset 7 the second operand was broadcast from an axis on, and only with an attribute.</summary>
internal static class LegacyBroadcast
{
    public static Value Second(OnnxNode n)
    {
        var second = n.In(1);
        if (n.Opset >= 7 || !n.Flag("broadcast") || n.Attribute("axis") is not { } given)
            return second;
        int rank = n.Rank(), axis = n.Axis(given.Int, rank);
        if (axis + second.Spec.Rank > rank)
            throw n.Bad($"an axis with {second.Spec.Rank} dimensions from it on", $"{axis} of {rank}");
        return n.Aten.View(second, [.. second.Spec.Sizes, .. Enumerable.Repeat((Dim)1, rank - axis - second.Spec.Rank)]);
    }
}
