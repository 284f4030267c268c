using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Reduction;

/// <summary>any: is an element not 0?</summary>
internal static class AnyOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::any(Tensor self) -> Tensor")
        { OutName = "aten::any.all_out", Kernel = OfAll, Shape = args => [new TensorSpec(Result(args[0]))] },
        new("aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor")
        { OutName = "aten::any.out", Kernel = OverDim, Shape = Shape },
        new("aten::any.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor")
        { OutName = "aten::any.dims_out", Kernel = OverDims, Shape = DimsShape },
    ];

    private static ScalarType Result(Argument self) => self.AsSpec().Type == ScalarType.Byte ? ScalarType.Byte : ScalarType.Bool;

    private static TensorSpec[] Shape(IReadOnlyList<Argument> args) =>
        [new TensorSpec(Result(args[0]), ShapeRules.Reduce(args[0].AsSpec().Sizes, ShapeRules.Dims(args[1]), args[2].AsBool()))];

    private static TensorSpec[] DimsShape(IReadOnlyList<Argument> args) =>
        !args[1].IsNone && args[1].AsList().Count == 0 ? [args[0].AsSpec() with { Type = Result(args[0]) }] : Shape(args);

    private static void OfAll(in KernelArgs args) => Run(args, Groups.All, false, args.Tensor(1));

    private static void OverDim(in KernelArgs args) => Run(args, Groups.Over(args.Tensor(0), [args.Int(1)]), args.Bool(2), args.Tensor(3));

    private static void OverDims(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3);
        var dims = args.OptionalInts(1, out bool given);
        if (!given || dims.Length > 0)
        {
            Run(args, Groups.Over(x, dims), args.Bool(2), output);
            return;
        }
        // an empty list reduces nothing
        CheckTypes(x, output);
        KernelChecks.ResizeOut(output, x.Sizes);
        KernelChecks.SameDimOrders(x, output);
        Elementwise.Unary(args.Context, ScalarType.Bool, new UnaryElements<Pointwise.UnaryElement.Identity>(default), x, output);
    }

    private static void Run(in KernelArgs args, Groups groups, bool keepDim, Tensor output)
    {
        var x = args.Tensor(0);
        CheckTypes(x, output);
        groups.ResizeOut(x, keepDim, output);
        KernelChecks.SameDimOrders(x, output);
        groups.Run<byte, AnyGroup>(args.Context, x, ScalarType.Bool, output.Numel, new AnyGroup(output));
    }

    private static void CheckTypes(Tensor x, Tensor output)
    {
        Promotion.RequireRealOrBool(x.Type);
        KernelChecks.Require(output.Type is ScalarType.Bool or ScalarType.Byte, $"the output is {output.Type.Name()}, not Bool or Byte");
    }

    private readonly struct AnyGroup(Tensor output) : IGroupKernel<byte>
    {
        public void Reduce(scoped ref OperandReader<byte> elements, long start, long count, long index)
        {
            bool any = false;
            for (long at = 0; at < count && !any; at += elements.MaxRun)
                any = elements.Read(start + at, (int)Math.Min(elements.MaxRun, count - at)).ContainsAnyExcept((byte)0);
            output.Span<byte>()[(int)index] = any ? (byte)1 : (byte)0;
        }
    }
}
