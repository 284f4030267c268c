using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>clamp with numbers and with tensors.</summary>
internal static class ClampOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor")
        { OutName = "aten::clamp.out", Kernel = Clamp, Shape = args => [args[0].AsSpec() with { Type = ShapeRules.ResultType(args[0], args[1], args[2]) }] },
        new("aten::clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor")
        { OutName = "aten::clamp.Tensor_out", Kernel = ClampTensors, Shape = TensorShape },
    ];

    private static TensorSpec[] TensorShape(IReadOnlyList<Argument> args) =>
        [ShapeRules.Broadcast(ShapeRules.ResultType(args[0], args[1], args[2]), args[0], args[1], args[2])];

    private static void Clamp(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3);
        Scalar? low = args.OptionalScalar(1), high = args.OptionalScalar(2);
        KernelChecks.Require(low is not null || high is not null, "clamp needs min or max");
        var common = x.Type;
        if (low is { } l)
            common = Promotion.Promote(common, l);
        if (high is { } h)
            common = Promotion.Promote(common, h);
        KernelChecks.Require(common == output.Type, $"the output is {output.Type.Name()}, not {common.Name()}");
        CheckBound(low, output.Type);
        CheckBound(high, output.Type);
        var compute = BinaryChecks.SameAsCommon(x, output, common);
        if (compute == ScalarType.Bool)
            (low, high) = (low is { } a ? (Scalar)(a.ToBool() ? 1L : 0L) : null, high is { } b ? (Scalar)(b.ToBool() ? 1L : 0L) : null);
        Elementwise.Unary(args.Context, compute, new UnaryVectors<ClampElement>(new(low, high, x.Type is ScalarType.Float or ScalarType.Double)), x, output);
    }

    /// <summary>An integer output needs an integer within its range, a floating one a number that is finite in it or infinite.</summary>
    private static void CheckBound(Scalar? bound, ScalarType type)
    {
        if (bound is not { } number || type == ScalarType.Bool)
            return;
        bool fits = type.IsFloating() ? Promotion.Fits(number.ToDouble(), type) : Promotion.InRange(number.ToLong(), type);
        KernelChecks.Require(fits, $"{number} does not fit {type.Name()}");
    }

    private static void ClampTensors(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3);
        Tensor? low = args.OptionalTensor(1), high = args.OptionalTensor(2);
        KernelChecks.Require(low is not null || high is not null, "clamp needs min or max");
        var common = x.Type;
        if (low is not null)
            common = Promotion.Promote(common, low.Type);
        if (high is not null)
            common = Promotion.Promote(common, high.Type);
        Promotion.RequireRealOrBool(output.Type);
        KernelChecks.Require(Promotion.CanCast(common, output.Type), $"{common.Name()} cannot be stored as {output.Type.Name()}");
        KernelChecks.SameDimOrders(x, low ?? x, high ?? x, output);
        Broadcasting.ResizeOut(x, low ?? x, high ?? x, output);
        Elementwise.Ternary(args.Context, Promotion.Compute(common), new Limits(low is not null, high is not null), x, low ?? x, high ?? x, output);
    }

    private readonly struct Limits(bool hasLow, bool hasHigh) : ITernaryKernel
    {
        public void Apply<T>(SimdWidth width, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> c, Span<T> target) where T : unmanaged, INumber<T>
        {
            for (int i = 0; i < target.Length; i++)
            {
                T x = a[i];
                if (hasLow)
                    x = default(Maximum).Invoke(x, b[i]);
                target[i] = hasHigh ? default(Minimum).Invoke(x, c[i]) : x;
            }
        }
    }
}
