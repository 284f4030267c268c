using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Pointwise;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Masking;

/// <summary>Choice of elements by a mask.</summary>
internal static class MaskOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor")
        { OutName = "aten::where.self_out", Kernel = Where, Shape = WhereShape },
        new("aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor")
        { OutName = "aten::masked_fill.Scalar_out", Kernel = MaskedFill, Shape = args => [ShapeRules.Broadcast(args[0].AsSpec().Type, args[0], args[1])] },
        new("aten::masked_select(Tensor self, Tensor mask) -> Tensor")
        { OutName = "aten::masked_select.out", Kernel = MaskedMoves.Select, Shape = MaskedSelectShape },
        new("aten::masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor")
        { OutName = "aten::masked_scatter.out", Kernel = MaskedMoves.Scatter, Shape = args => [ShapeRules.Broadcast(args[0].AsSpec().Type, args[0], args[1])] },
        new("aten::nonzero(Tensor self) -> Tensor")
        { OutName = "aten::nonzero.out", Kernel = NonzeroKernel.Run, Shape = args => [new TensorSpec(ScalarType.Long, Counted("nonzero", args[0], args[0].AsSpec().MaxNumel), args[0].AsSpec().Rank)] },
        new("aten::tril(Tensor self, SymInt diagonal=0) -> Tensor")
        { OutName = "aten::tril.out", Kernel = Tril, Shape = ShapeRules.SameAsFirst },
    ];

    private static TensorSpec[] WhereShape(IReadOnlyList<Argument> args) =>
        [ShapeRules.Broadcast(ShapeRules.ResultType(args[1], args[2]), args[1], args[2], args[0])];

    /// <summary>As many elements as the mask could select.</summary>
    private static TensorSpec[] MaskedSelectShape(IReadOnlyList<Argument> args) =>
        [new TensorSpec(args[0].AsSpec().Type, Counted("masked_select", args[1], ShapeRules.Broadcast(args[0].AsSpec().Type, args[0], args[1]).MaxNumel))];

    /// <summary>A number of elements that depends on the data of a value: one symbol for each value.</summary>
    private static Dim Counted(string what, Argument source, long most) =>
        most == 0 ? 0 : new Dim(new SymExpr.Symbol($"{what}({source.AsValue().Name})", 0, most));

    private static void Where(in KernelArgs args)
    {
        Tensor condition = args.Tensor(0), a = args.Tensor(1), b = args.Tensor(2), output = args.Tensor(3);
        var common = Promotion.Promote(a.Type, b.Type);
        KernelChecks.Require(common == output.Type, $"the output is {output.Type.Name()}, not {common.Name()}");
        KernelChecks.Require(condition.Type is ScalarType.Bool or ScalarType.Byte, $"the condition is {condition.Type.Name()}");
        KernelChecks.SameDimOrders(condition, a, b, output);
        Broadcasting.ResizeOut(a, b, condition, output);
        Elementwise.Ternary(args.Context, Promotion.Compute(common), default(Choose), condition, a, b, output);
    }

    private static void MaskedFill(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), mask = args.Tensor(1), output = args.Tensor(3);
        var value = args.Scalar(2);
        Promotion.RequireRealOrBool(x.Type);
        KernelChecks.SameType(x, output);
        KernelChecks.Require(mask.Type == ScalarType.Bool, $"the mask is {mask.Type.Name()}, not Bool");
        Broadcasting.ResizeOut(x, mask, output);
        KernelChecks.SameDimOrders(x, mask, output);
        if (x.Type == ScalarType.Bool)
            value = value.ToBool() ? 1 : 0;
        Elementwise.Binary(args.Context, Promotion.Compute(x.Type), new BinaryVectors<FillWhere>(new(value)), x, mask, output);
    }

    private static void Tril(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(2);
        KernelChecks.Require(x.Rank >= 2, $"tril of {x.Rank} dimensions");
        Promotion.RequireRealOrBool(x.Type);
        UnaryChecks.SameTypeAndOrder(x, output);
        KernelChecks.ContiguousOrder(x);
        int rows = x.Sizes[^2], columns = x.Sizes[^1], size = x.Type.SizeOf();
        var target = output.Bytes;
        x.Bytes.CopyTo(target);
        for (int row = 0; x.Numel > 0 && row < x.Numel / columns; row++)
        {
            int kept = (int)Math.Clamp((row % rows) + Math.Clamp(args.Int(1), -rows - 1L, columns) + 1, 0, columns);
            target.Slice(((row * columns) + kept) * size, (columns - kept) * size).Clear();
        }
    }

    private readonly struct Choose : ITernaryKernel, ITernaryFunction
    {
        public void Apply<T>(SimdWidth width, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> c, Span<T> target) where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float))
            {
                ElementwiseLoops.Ternary(width, this, MemoryMarshal.Cast<T, float>(a), MemoryMarshal.Cast<T, float>(b), MemoryMarshal.Cast<T, float>(c), MemoryMarshal.Cast<T, float>(target));
                return;
            }
            for (int i = 0; i < target.Length; i++)
                target[i] = T.IsZero(a[i]) ? c[i] : b[i];
        }

        public V Invoke<S, V>(V a, V b, V c) where S : ISimd<V> where V : struct => S.Select(S.Equal(a, S.Broadcast(0f)), c, b);
    }

    /// <summary>A number where the second operand is not 0, else the first operand.</summary>
    private readonly struct FillWhere(Scalar value) : IBinaryElement, IBinaryFunction
    {
        private readonly float number = value.ToFloat();

        public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsZero(b) ? a : ElementCast.Cast<T>(value);

        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Select(S.Equal(b, S.Broadcast(0f)), a, S.Broadcast(number));
    }
}
