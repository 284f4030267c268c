using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Reduction;

/// <summary>amax, amin, argmax, argmin, max and min.</summary>
internal static class ExtremeOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        .. Family("max", "amax", "argmax", true),
        .. Family("min", "amin", "argmin", false),
    ];

    private static OperatorDefinition[] Family(string plain, string amax, string argmax, bool largest) =>
    [
        new($"aten::{amax}(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor")
        {
            OutName = $"aten::{amax}.out",
            Kernel = (in KernelArgs args) => OverDims(args, largest),
            Shape = args => [Reduced(args[0].AsSpec(), ShapeRules.Dims(args[1]), args[2].AsBool())],
        },
        new($"aten::{argmax}(Tensor self, int? dim=None, bool keepdim=False) -> Tensor")
        {
            OutName = $"aten::{argmax}.out",
            Kernel = (in KernelArgs args) => Place(args, largest),
            Shape = args => [Reduced(args[0].AsSpec(), ShapeRules.Dims(args[1]), args[2].AsBool()) with { Type = ScalarType.Long }],
        },
        new($"aten::{plain}.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)")
        {
            OutName = $"aten::{plain}.dim_{plain}",
            Kernel = (in KernelArgs args) => WithPlace(args, largest),
            Shape = args =>
            {
                var values = Reduced(args[0].AsSpec(), [args[1].AsInt()], args[2].AsBool());
                return [values, values with { Type = ScalarType.Long }];
            },
            OutCount = 2,
        },
        new($"aten::{plain}(Tensor self) -> Tensor")
        {
            OutName = $"aten::{plain}.unary_out",
            Kernel = (in KernelArgs args) => OfAll(args, largest),
            Shape = args => [new TensorSpec(args[0].AsSpec().Type)],
        },
    ];

    private static TensorSpec Reduced(TensorSpec spec, long[] dims, bool keepDim) =>
        new(spec.Type, ShapeRules.Reduce(spec.Sizes, dims, keepDim));

    private static void OverDims(in KernelArgs args, bool largest)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3);
        var groups = Groups.Over(x, args.Ints(1));
        Promotion.RequireRealOrBool(x.Type);
        KernelChecks.SameType(x, output);
        groups.ResizeOut(x, args.Bool(2), output);
        KernelChecks.SameDimOrders(x, output);
        KernelChecks.Require(x.Numel > 0, "the tensor is empty");
        Run(args.Context, groups, x, largest, output, null);
    }

    private static void Place(in KernelArgs args, bool largest)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3);
        var groups = args.OptionalInt(1) is { } dim ? OneDim(x, dim) : Groups.All;
        KernelChecks.Require(Promotion.IsReal(x.Type), $"no order of {x.Type.Name()}");
        KernelChecks.Require(output.Type == ScalarType.Long, $"the output is {output.Type.Name()}, not Long");
        groups.ResizeOut(x, args.Bool(2), output);
        KernelChecks.SameDimOrders(x, output);
        KernelChecks.Require(x.Numel > 0 || output.Numel == 0, "the tensor is empty");
        Run(args.Context, groups, x, largest, null, output);
    }

    private static void WithPlace(in KernelArgs args, bool largest)
    {
        Tensor x = args.Tensor(0), values = args.Tensor(3), indices = args.Tensor(4);
        var groups = OneDim(x, args.Int(1));
        Promotion.RequireRealOrBool(x.Type);
        KernelChecks.SameType(x, values);
        KernelChecks.Require(indices.Type == ScalarType.Long, $"the indices are {indices.Type.Name()}, not Long");
        KernelChecks.Require(values.Sizes.SequenceEqual(indices.Sizes), "values and indices have different sizes");
        groups.ResizeOut(x, args.Bool(2), values);
        groups.ResizeOut(x, args.Bool(2), indices);
        KernelChecks.SameDimOrders(x, values);
        KernelChecks.ContiguousOrder(indices);
        KernelChecks.ContiguousOrder(x);
        Run(args.Context, groups, x, largest, values, indices);
    }

    private static void OfAll(in KernelArgs args, bool largest)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        Promotion.RequireRealOrBool(x.Type);
        Promotion.RequireRealOrBool(output.Type);
        KernelChecks.ResizeOut(output, []);
        KernelChecks.SameDimOrders(x, output);
        KernelChecks.Require(Promotion.CanCast(x.Type, output.Type), $"{x.Type.Name()} cannot be stored as {output.Type.Name()}");
        if (x.Numel == 0)
            ElementDispatch.RealOrBool(output.Type, new Bound(output, largest));
        else
            Run(args.Context, Groups.All, x, largest, output, null, Promotion.Compute(output.Type));
    }

    private static Groups OneDim(Tensor x, long dim)
    {
        ReductionChecks.NonEmptyDim(x, dim);
        return Groups.Over(x, [dim]);
    }

    private static void Run(KernelContext context, Groups groups, Tensor x, bool largest, Tensor? values, Tensor? indices, ScalarType? type = null)
    {
        var compute = type ?? Promotion.Compute(x.Type);
        ElementDispatch.Number(compute, new Action(context, groups, x, compute, largest, values, indices));
    }

    private readonly struct Action(KernelContext context, Groups groups, Tensor x, ScalarType compute, bool largest, Tensor? values, Tensor? indices) : INumberAction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => groups.Run<T, ExtremeGroup<T>>(
            context, x, compute, (values ?? indices!).Numel, new ExtremeGroup<T>(context.Width, largest, values, indices, compute == ScalarType.Bool));
    }

    /// <summary>What is left of nothing: the lowest or highest value of the type.</summary>
    private readonly struct Bound(Tensor output, bool largest) : IElementAction
    {
        public void Run<T>() where T : unmanaged => output.Span<T>()[0] = output.Type switch
        {
            ScalarType.Byte => ElementCast.Cast<T>(largest ? 0 : byte.MaxValue),
            ScalarType.Char => ElementCast.Cast<T>(largest ? sbyte.MinValue : sbyte.MaxValue),
            ScalarType.Short => ElementCast.Cast<T>(largest ? short.MinValue : short.MaxValue),
            ScalarType.Int => ElementCast.Cast<T>(largest ? int.MinValue : int.MaxValue),
            ScalarType.Long => ElementCast.Cast<T>(largest ? long.MinValue : long.MaxValue),
            ScalarType.Bool => ElementCast.Cast<T>(!largest),
            _ => ElementCast.Cast<T>(largest ? double.NegativeInfinity : double.PositiveInfinity),
        };
    }
}
