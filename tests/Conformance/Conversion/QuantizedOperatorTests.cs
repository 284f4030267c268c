using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Graphs;
using ExecuSharp.Inspection;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>Every operator that is taken between quantize and dequantize: on codes in the delegate, within two steps of the graph, alike in both runtimes.</summary>
public sealed class QuantizedOperatorTests
{
    private const double Scale = 0.03;

    public static TheoryData<string> Names => [.. Graphs.Keys];

    private static Dictionary<string, Func<IGraphBuilder, Value, Value>> Graphs { get; } = new()
    {
        ["linear"] = (b, x) => b.Call("aten::linear", x, Weight(b, 0, 5, 8), Bias(b, 5)),
        ["linear per tensor and relu"] = (b, x) => b.Call("aten::relu", b.Call("aten::linear", x, Weight(b, -1, 5, 8), Argument.None)),
        ["addmm"] = (b, x) => b.Call("aten::addmm", Bias(b, 5), Q(b, b.Call("aten::view_copy", x, new long[] { 32, 8 })), b.Call("aten::permute_copy", Weight(b, 0, 5, 8), new long[] { 1, 0 })),
        ["convolution"] = (b, x) => Convolution(b, x, Weight(b, 0, 6, 4, 3, 3), Bias(b, 6), [2, 2], [1, 1], false, 1),
        ["grouped convolution and clamp"] = (b, x) => b.Call("aten::clamp", Convolution(b, x, Weight(b, 0, 6, 2, 3, 3), Argument.None, [1, 1], [0, 0], false, 2), -0.5, 1.0),
        ["depthwise convolution"] = (b, x) => Convolution(b, x, Weight(b, 0, 8, 1, 3, 3), Bias(b, 8), [1, 1], [1, 1], false, 4),
        ["transposed convolution"] = (b, x) => Convolution(b, x, Weight(b, 1, 4, 6, 2, 2), Bias(b, 6), [2, 2], [0, 0], true, 1),
        ["one-dimensional convolution"] = (b, x) => Convolution(b, Q(b, b.Call("aten::view_copy", x, new long[] { 1, 8, 32 })), Weight(b, 0, 6, 8, 3), Bias(b, 6), [2], [1], false, 1),
        ["sum"] = (b, x) => b.Call("aten::add.Tensor", x, Q(b, b.Call("aten::tanh", x))),
        ["difference and hardtanh"] = (b, x) => b.Call("aten::hardtanh", b.Call("aten::sub.Tensor", x, Q(b, b.Call("aten::tanh", x), 0.01, 3)), 0.0, 6.0),
        ["product with a constant"] = (b, x) => b.Call("aten::mul.Tensor", x, Q(b, b.Constant(Random(9, 8)))),
        ["largest of a window"] = (b, x) => b.CallMany("aten::max_pool2d_with_indices", x, new long[] { 2, 2 }, new long[] { 2, 2 })[0],
        ["mean of an image"] = (b, x) => b.Call("aten::mean.dim", x, new long[] { 2, 3 }, false),
        ["clamp of its own"] = (b, x) => b.Call("aten::relu", x),
        ["cat"] = (b, x) => b.Call("aten::cat", (Argument)(Value[])[x, Q(b, b.Call("aten::sigmoid", x))], 1),
        ["permute, slice and relu"] = (b, x) => b.Call("aten::relu", Q(b, b.Call("aten::slice_copy.Tensor", Q(b, b.Call("aten::permute_copy", x, new long[] { 0, 2, 1, 3 })), 2, 1, 3))),
        ["pad"] = (b, x) => b.Call("aten::constant_pad_nd", x, new long[] { 1, 2, 0, 1 }, 0.25),
        ["bilinear resize"] = (b, x) => b.Call("aten::upsample_bilinear2d.vec", x, new long[] { 16, 12 }, false, Argument.None),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Between_dequantize_and_quantize_codes_are_computed(string name)
    {
        var graph = Build(name);
        byte[] bytes = Compile(graph);
        var nodes = ProgramInspection.Of(PteReader.Read(bytes)).Methods[0].Delegates.SelectMany(d => d.Nodes).Select(n => n.ToString()).ToList();
        // Only what makes a second operand is computed in floats.
        Assert.DoesNotContain(nodes, n => n.Contains("Fp32", StringComparison.Ordinal) && !n.StartsWith("Convert", StringComparison.Ordinal) && !n.StartsWith("Tanh", StringComparison.Ordinal) && !n.StartsWith("Sigmoid", StringComparison.Ordinal));
        Assert.Contains(nodes, n => n.Contains("-> QInt8", StringComparison.Ordinal) && !n.StartsWith("Convert", StringComparison.Ordinal));
        var wanted = GraphInterpreter.Run(graph, [Random(1, 1, 4, 8, 8)], KernelContext.SingleThreaded())[0].AsTensor();
        using var program = new ProgramExecutable(Program.Load(bytes), null, name);
        Assert.InRange(Similarity.Of(wanted, program.Run([Random(1, 1, 4, 8, 8)])[0]).MaxAbs, 0, 2.01 * Scale);
    }

    [JudgeTheory]
    [MemberData(nameof(Names))]
    public void The_official_runtime_gives_the_same(string name)
    {
        string folder = Directory.CreateTempSubdirectory("execusharp").FullName, file = Path.Combine(folder, "q.pte"), given = Path.Combine(folder, "in.safetensors"), made = Path.Combine(folder, "out.safetensors");
        byte[] bytes = Compile(Build(name));
        File.WriteAllBytes(file, bytes);
        SafeTensorsWriter.Write(given, [KeyValuePair.Create("in.0", Random(1, 1, 4, 8, 8))]);
        var (code, text) = Judge.Run("run", file, "--inputs", given, "--outputs", made, "--quiet");
        Assert.True(code == 0, text);
        using var program = new ProgramExecutable(Program.Load(bytes), null, name);
        using (var outputs = SafeTensorsFile.Open(made))
            Assert.InRange(Similarity.Of(outputs.GetTensor("out.0"), program.Run([Random(1, 1, 4, 8, 8)])[0]).MaxAbs, 0, 1.01 * Scale);
        Directory.Delete(folder, recursive: true);
    }

    private static Graph Build(string name)
    {
        var builder = new GraphBuilder("forward");
        var x = builder.Input("x", new TensorSpec(ScalarType.Float, 1, 4, 8, 8));
        builder.Output(Q(builder, Graphs[name](builder, Q(builder, x))), "y");
        return builder.Build();
    }

    private static byte[] Compile(Graph graph) => PteCompiler.Compile([graph], new CompileOptions(), KernelContext.SingleThreaded()).ToBytes();

    // Quantizes and dequantizes again.
    private static Value Q(IGraphBuilder b, Value x, double scale = Scale, long zero = -5)
    {
        var codes = b.Call("quantized_decomposed::quantize_per_tensor", x, scale, zero, -128, 127, ScalarType.Char);
        return b.Call("quantized_decomposed::dequantize_per_tensor", codes, scale, zero, -128, 127, ScalarType.Char);
    }

    private static Value Weight(IGraphBuilder b, int axis, params int[] sizes)
    {
        var codes = Tensor.Empty(ScalarType.Char, sizes);
        new Random(3).NextBytes(codes.Bytes);
        if (axis < 0)
            return b.Call("quantized_decomposed::dequantize_per_tensor", b.Constant(codes), 0.004, 0, -127, 127, ScalarType.Char);
        int channels = sizes[axis];
        double[] scales = [.. Enumerable.Range(0, channels).Select(i => 0.002 + (0.0005 * i))];
        return b.Call("quantized_decomposed::dequantize_per_channel", b.Constant(codes), b.Constant(Tensor.From<double>(scales, channels)), b.Constant(Tensor.From<long>(new long[channels], channels)), axis, -127, 127, ScalarType.Char);
    }

    private static Value Bias(IGraphBuilder b, int channels) => b.Constant(Random(5, channels));

    private static Value Convolution(IGraphBuilder b, Value x, Value weight, Argument bias, long[] stride, long[] padding, bool transposed, long groups) =>
        b.Call("aten::convolution", x, weight, bias, stride, padding, stride.Select(_ => 1L).ToArray(), transposed, stride.Select(_ => 0L).ToArray(), groups);

    private static Tensor Random(int seed, params int[] sizes)
    {
        var random = new Random(seed);
        var tensor = Tensor.Empty(ScalarType.Float, sizes);
        foreach (ref float x in tensor.Span<float>())
            x = (random.NextSingle() * 4) - 2;
        return tensor;
    }
}
