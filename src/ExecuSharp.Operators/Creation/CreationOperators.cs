using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Pointwise;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Creation;

/// <summary>Tensors of a given size with a given value.</summary>
internal static class CreationOperators
{
    private const string Options = "*, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None";

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new($"aten::full(SymInt[] size, Scalar fill_value, {Options}) -> Tensor")
        { OutName = "aten::full.out", Kernel = Full, Shape = args => [Sized(args[0], args[2], NumberType(args[1]))] },
        new($"aten::zeros(SymInt[] size, {Options}) -> Tensor")
        { OutName = "aten::zeros.out", Kernel = Zeros, Shape = args => [Sized(args[0], args[1], ScalarType.Float)] },
        new($"aten::ones(SymInt[] size, {Options}) -> Tensor")
        { OutName = "aten::ones.out", Kernel = Ones, Shape = args => [Sized(args[0], args[1], ScalarType.Float)] },
        new($"aten::empty.memory_format(SymInt[] size, {Options}, MemoryFormat? memory_format=None) -> Tensor")
        { OutName = "aten::empty.out", Kernel = Empty, Shape = args => [Sized(args[0], args[1], ScalarType.Float)] },
        new($"aten::full_like(Tensor self, Scalar fill_value, {Options}, MemoryFormat? memory_format=None) -> Tensor")
        { OutName = "aten::full_like.out", Kernel = FullLike, Shape = args => [args[0].AsSpec() with { Type = args[2].IsNone ? args[0].AsSpec().Type : args[2].AsScalarType() }] },
        new("aten::fill.Scalar(Tensor self, Scalar value) -> Tensor")
        { OutName = "aten::fill.Scalar_out", Kernel = FillScalar, Shape = ShapeRules.SameAsFirst },
        new("aten::fill.Tensor(Tensor self, Tensor value) -> Tensor")
        { OutName = "aten::fill.Tensor_out", Kernel = FillTensor, Shape = ShapeRules.SameAsFirst },
        new($"aten::scalar_tensor(Scalar s, {Options}) -> Tensor")
        { OutName = "aten::scalar_tensor.out", Kernel = ScalarTensor, Shape = args => [new TensorSpec(args[1].IsNone ? ScalarType.Float : args[1].AsScalarType())] },
        new($"aten::arange(Scalar end, {Options}) -> Tensor")
        { OutName = "aten::arange.out", Kernel = ArangeKernel.ToEnd, Shape = ArangeKernel.ToEndShape },
        new($"aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, {Options}) -> Tensor")
        { OutName = "aten::arange.start_out", Kernel = ArangeKernel.FromStart, Shape = ArangeKernel.FromStartShape },
    ];

    /// <summary>Gives the output the sizes of a list argument.</summary>
    internal static void ResizeOut(Tensor output, ReadOnlySpan<long> sizes)
    {
        KernelChecks.Require(sizes.Length <= Broadcasting.MaxRank, $"{sizes.Length} dimensions");
        Span<int> narrow = stackalloc int[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            KernelChecks.Require(sizes[i] is >= 0 and <= int.MaxValue, $"size {sizes[i]}");
            narrow[i] = (int)sizes[i];
        }
        KernelChecks.ResizeOut(output, narrow);
    }

    private static TensorSpec Sized(Argument size, Argument type, ScalarType otherwise) =>
        new(type.IsNone ? otherwise : type.AsScalarType(), size.AsDims());

    private static ScalarType NumberType(Argument number) => number.IsNumber ? ShapeRules.ResultType(number) : ScalarType.Float;

    private static void Full(in KernelArgs args)
    {
        var output = args.Tensor(2);
        ResizeOut(output, args.Ints(0));
        Fill(output, args.Scalar(1));
    }

    private static void Zeros(in KernelArgs args)
    {
        var output = args.Tensor(1);
        ResizeOut(output, args.Ints(0));
        output.Bytes.Clear();
    }

    private static void Ones(in KernelArgs args)
    {
        var output = args.Tensor(1);
        ResizeOut(output, args.Ints(0));
        Fill(output, 1);
    }

    private static void Empty(in KernelArgs args) => ResizeOut(args.Tensor(2), args.Ints(0));

    private static void FullLike(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3);
        KernelChecks.Require(args.OptionalInt(2) is null or 0 or 1, $"memory format {args.OptionalInt(2)} is not supported");
        KernelChecks.SameDimOrders(x, output);
        KernelChecks.ContiguousOrder(x);
        KernelChecks.ResizeOut(output, x.Sizes);
        Fill(output, args.Scalar(1));
    }

    private static void FillScalar(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(2);
        UnaryChecks.SameTypeAndOrder(x, output);
        Fill(output, args.Scalar(1));
    }

    private static void FillTensor(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), value = args.Tensor(1), output = args.Tensor(2);
        KernelChecks.Require(value.Numel == 1 && value.Rank <= 1, $"the value has sizes {Tensor.Format(value.Sizes)}");
        UnaryChecks.SameTypeAndOrder(x, output);
        UnaryChecks.RealOrBool(value, output);
        ElementDispatch.RealOrBool(output.Type, new FillAction(output, value, default));
    }

    private static void ScalarTensor(in KernelArgs args)
    {
        var output = args.Tensor(1);
        KernelChecks.ResizeOut(output, []);
        Fill(output, args.Scalar(0));
    }

    private static void Fill(Tensor output, Scalar value)
    {
        Promotion.RequireRealOrBool(output.Type);
        KernelChecks.Require(Promotion.Fits(value, output.Type), $"{value} does not fit {output.Type.Name()}");
        ElementDispatch.RealOrBool(output.Type, new FillAction(output, null, value));
    }

    private readonly struct FillAction(Tensor output, Tensor? value, Scalar number) : IElementAction
    {
        public void Run<T>() where T : unmanaged =>
            output.Span<T>().Fill(value is null ? ElementCast.Cast<T>(number) : ElementBlocks.Element<T>(value, 0));
    }
}
