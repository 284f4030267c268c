using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Models.Building;

/// <summary>Division of each row by its length.</summary>
internal static class Normalization
{
    /// <summary>x is [batch, channels]. As <c>F.normalize</c>, except that the smallest length is the root of 1e-24 under the sum.</summary>
    public static Value Add(Layers layers, Value x)
    {
        var sum = layers.Builder.Call("aten::sum.dim_IntList", layers.Multiply(x, x), new long[] { 1 }, true);
        var length = layers.Builder.Call("aten::sqrt", layers.Builder.Call("aten::clamp", sum, 1e-24, Argument.None));
        return layers.Builder.Call("aten::div.Tensor", x, length);
    }
}
