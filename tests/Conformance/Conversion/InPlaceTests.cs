using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Runtime;
using ExecuSharp.Tests.RandomGraphs;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>Every operator whose result may take the memory of its operand does, and gives the same in our runtime and in the official one.</summary>
public sealed class InPlaceTests
{
    private const double Tolerance = 1e-5;

    private static readonly string[] Unary =
    [
        "abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "erf", "exp", "expm1", "floor", "log", "log10", "log1p", "log2", "neg", "reciprocal", "relu", "round", "rsqrt",
        "sigmoid", "sign", "sin", "sinh", "sqrt", "tan", "tanh", "trunc", "gelu", "elu", "leaky_relu",
    ];

    private static readonly string[] WithNumber = ["pow.Tensor_Scalar", "fmod.Scalar", "remainder.Scalar", "add.Scalar", "sub.Scalar", "mul.Scalar", "div.Scalar", "rsub.Scalar", "hardtanh", "clamp"];

    private static readonly string[] Binary = ["add.Tensor", "sub.Tensor", "mul.Tensor", "div.Tensor", "maximum", "minimum", "pow.Tensor_Tensor", "atan2", "fmod.Tensor", "remainder.Tensor"];

    private static readonly string[] OfIntegers = ["add.Tensor", "sub.Tensor", "mul.Tensor", "maximum", "minimum", "neg", "abs", "sign", "bitwise_not", "bitwise_and.Tensor", "bitwise_or.Tensor", "bitwise_xor.Tensor"];

    private static readonly string[] OfTruths = ["logical_not", "logical_and", "logical_or", "logical_xor", "bitwise_not", "bitwise_and.Tensor", "bitwise_or.Tensor", "bitwise_xor.Tensor"];

    [Fact]
    public void In_our_runtime()
    {
        foreach (var (name, graph) in Graphs())
        {
            var program = Compile(graph);
            var method = program.Image.Program.Methods[0];
            var call = (PteInstruction.KernelCall)method.Chains[0].Instructions[^1];
            Assert.True(Place(method, call.Args[name.StartsWith("where", StringComparison.Ordinal) ? 1 : 0]) == Place(method, call.Args[^1]), $"{name} is not in place");
            using var reference = new GraphExecutable(graph, KernelContext.SingleThreaded(), name);
            using var ours = new ProgramExecutable(Program.Load(program.ToBytes()), null, name);
            Tensor[] inputs = Inputs();
            double apart = Similarity.Of(reference.Run(inputs)[0], ours.Run(inputs)[0]).MaxAbs;
            Assert.True(apart <= Tolerance, $"{name} differs by {apart}");
        }
    }

    [JudgeFact]
    public void In_the_official_runtime()
    {
        string folder = Directory.CreateTempSubdirectory("execusharp-judge").FullName;
        var graphs = Graphs().ToList();
        Tensor[] inputs = Inputs();
        foreach (var (name, graph) in graphs)
        {
            using var reference = new GraphExecutable(graph, KernelContext.SingleThreaded(), name);
            var suite = new BundledSuite(graph.Name, [new BundledCase(RandomGraphJudgeTests.Values(inputs), RandomGraphJudgeTests.Values(reference.Run(inputs)))]);
            File.WriteAllBytes(Path.Combine(folder, $"{name}.bpte"), new BundledProgramFile(2, [suite], Compile(graph).ToBytes()).ToBytes());
        }
        var (code, text) = Judge.Run("verify", folder, "--rtol", "1e-5", "--atol", "1e-5", "--quiet", "--poison", "--time-limit", "300");
        Directory.Delete(folder, recursive: true);
        Assert.True(code == 0 && text.Contains($"{graphs.Count} passed, 0 failed, 0 skipped", StringComparison.Ordinal), text);
    }

    private static IEnumerable<(string Name, Graph Graph)> Graphs()
    {
        foreach (string op in Unary)
            yield return (op, Make((g, x) => g.Call("aten::" + op, Fraction(g, x, op == "acosh" ? 1 : 0))));
        foreach (string op in WithNumber)
            yield return (op, Make((g, x) => op is "hardtanh" or "clamp" ? g.Call("aten::" + op, Fraction(g, x, 0), 0.25, 0.75) : g.Call("aten::" + op, Fraction(g, x, 0), 0.375)));
        foreach (string op in Binary)
            yield return (op, Make((g, x) => g.Call("aten::" + op, Fraction(g, x, 0), g.Call("aten::sigmoid", x))));
        foreach (string op in OfIntegers)
            yield return (op + "-Long", Make((g, x) => Call(g, op, Integers(g, x, 3), g.Call("aten::add.Scalar", Integers(g, x, 5), 1))));
        foreach (string op in OfTruths)
            yield return (op + "-Bool", Make((g, x) => Call(g, op, g.Call("aten::gt.Scalar", x, 0.5), g.Call("aten::lt.Scalar", x, 1))));
        yield return ("where.self", Make((g, x) => g.Call("aten::where.self", g.Call("aten::gt.Scalar", x, 0.5), Fraction(g, x, 0), g.Call("aten::sigmoid", x))));
    }

    private static Value Call(IGraphBuilder g, string op, Value a, Value b) => op is "neg" or "abs" or "sign" or "bitwise_not" or "logical_not" ? g.Call("aten::" + op, a) : g.Call("aten::" + op, a, b);

    // Numbers between more and more + 1 that no instruction reads again.
    private static Value Fraction(IGraphBuilder g, Value x, double more) => g.Call("aten::add.Scalar", g.Call("aten::mul.Scalar", g.Call("aten::sigmoid", x), 0.875), 0.0625 + more);

    private static Value Integers(IGraphBuilder g, Value x, double factor) => g.Call("aten::_to_copy", g.Call("aten::mul.Scalar", x, factor), ScalarType.Long);

    private static Graph Make(Func<IGraphBuilder, Value, Value> write)
    {
        var graph = new GraphBuilder("forward");
        graph.Output(write(graph, graph.Input("x", new TensorSpec(ScalarType.Float, 3, 37))), "y");
        return graph.Build();
    }

    private static Tensor[] Inputs() => [RandomGraph.Floats(new Random(1), 3, 37)];

    private static Compiler.Emission.CompiledProgram Compile(Graph graph) => PteCompiler.Compile([graph], new CompileOptions { Backend = CompileBackend.Portable }, KernelContext.SingleThreaded());

    private static ulong Place(PteMethod method, int slot) => ((PteTensor)method.Values[slot]).Allocation!.Offset;
}
