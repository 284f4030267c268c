using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Common;

/// <summary>Arithmetic on integers that may be known only at run time; literals are computed at once.</summary>
internal static class Numbers
{
    public static Argument Add(IGraphBuilder b, Argument x, Argument y) => Apply(b, SymOperation.Add, "executorch_prim::add.Scalar", x, y);

    public static Argument Sub(IGraphBuilder b, Argument x, Argument y) => Apply(b, SymOperation.Subtract, "executorch_prim::sub.Scalar", x, y);

    public static Argument Mul(IGraphBuilder b, Argument x, Argument y) => Apply(b, SymOperation.Multiply, "executorch_prim::mul.Scalar", x, y);

    public static Argument FloorDiv(IGraphBuilder b, Argument x, Argument y) => Apply(b, SymOperation.FloorDivide, "executorch_prim::floordiv.Scalar", x, y);

    private static Argument Apply(IGraphBuilder b, SymOperation operation, string op, Argument x, Argument y)
    {
        if (x.IsInt && y.IsInt)
            return SymExpr.Apply(operation, x.AsInt(), y.AsInt());
        if (operation is SymOperation.Multiply && x.IsInt && x.AsInt() == 1)
            return y;
        if (operation is SymOperation.Multiply or SymOperation.FloorDivide && y.IsInt && y.AsInt() == 1)
            return x;
        if (operation is SymOperation.Add or SymOperation.Subtract && y.IsInt && y.AsInt() == 0)
            return x;
        return b.CallMany(op, x, y)[0];
    }
}
