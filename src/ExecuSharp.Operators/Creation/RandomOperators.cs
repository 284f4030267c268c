using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Pointwise;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Creation;

/// <summary>Random numbers, drawn from the context's generator.</summary>
internal static class RandomOperators
{
    private const string Options = "*, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None";

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new($"aten::rand(SymInt[] size, {Options}) -> Tensor")
        { OutName = "aten::rand.out", Kernel = Rand, Shape = Shape, IsPure = false },
        new($"aten::randn(SymInt[] size, {Options}) -> Tensor")
        { OutName = "aten::randn.out", Kernel = Randn, Shape = Shape, IsPure = false },
        new("aten::native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor)")
        {
            OutName = "aten::native_dropout.out",
            Kernel = Dropout,
            Shape = args => [args[0].AsSpec(), args[0].AsSpec() with { Type = ScalarType.Bool }],
            OutCount = 2,
            IsPure = false,
        },
    ];

    private static TensorSpec[] Shape(IReadOnlyList<Argument> args) =>
        [new TensorSpec(args[1].IsNone ? ScalarType.Float : args[1].AsScalarType(), args[0].AsDims())];

    private static void Rand(in KernelArgs args)
    {
        var output = Prepare(args);
        var random = args.Context.Random;
        ElementDispatch.RealOrBool(output.Type, new Draw(output, random, false));
    }

    private static void Randn(in KernelArgs args)
    {
        var output = Prepare(args);
        var random = args.Context.Random;
        ElementDispatch.RealOrBool(output.Type, new Draw(output, random, true));
    }

    private static Tensor Prepare(in KernelArgs args)
    {
        var output = args.Tensor(1);
        CreationOperators.ResizeOut(output, args.Ints(0));
        KernelChecks.Require(output.Type.IsFloating(), $"the output is {output.Type.Name()}, not a floating type");
        return output;
    }

    private static void Dropout(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3), mask = args.Tensor(4);
        double p = args.Double(1);
        bool train = args[2].IsNone || args.Bool(2);
        bool drops = train && p != 0;
        KernelChecks.SameType(x, output);
        KernelChecks.Require(!drops || x.Type.IsFloating(), $"dropout of {x.Type.Name()}");
        KernelChecks.Require(mask.Type == ScalarType.Bool, $"the mask is {mask.Type.Name()}, not Bool");
        KernelChecks.Require(p is >= 0 and <= 1, $"probability {p} is outside [0, 1]");
        KernelChecks.SameDimOrders(x, output, mask);
        KernelChecks.ResizeOut(output, x.Sizes);
        KernelChecks.ResizeOut(mask, x.Sizes);
        var keep = mask.Span<byte>();
        x.Bytes.CopyTo(output.Bytes);
        if (!drops)
        {
            keep.Fill(1);
            return;
        }
        int size = x.Type.SizeOf();
        for (int i = 0; i < keep.Length; i++)
        {
            keep[i] = args.Context.Random.NextDouble() >= p ? (byte)1 : (byte)0;
            if (keep[i] == 0)
                output.Bytes.Slice(i * size, size).Clear();
        }
    }

    private readonly struct Draw(Tensor output, Random random, bool normal) : IElementAction
    {
        public void Run<T>() where T : unmanaged
        {
            foreach (ref T element in output.Span<T>())
                element = ElementCast.Cast<double, T>(normal ? Normal() : random.NextDouble());
        }

        // Box and Muller; 1 - u keeps the logarithm finite
        private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
