using System.Runtime.CompilerServices;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Table;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.Operators;

/// <summary>The width that is asked for is the width that computes.</summary>
public class VectorWidthTests
{
    public static TheoryData<SimdWidth> Widths() => [.. SimdWidths.Available];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Element_functions_get_vectors_of_the_width(SimdWidth width)
    {
        var probe = new Probe([]);
        ElementwiseLoops.Unary(width, probe, new float[64], new float[64]);
        Assert.NotEmpty(probe.Bits);
        Assert.All(probe.Bits, b => Assert.Equal((int)width, b));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Kernels_of_a_program_get_the_width_of_its_options(SimdWidth width)
    {
        var widths = new List<SimdWidth>();
        var rows = OperatorTable.Default.Rows.Where(r => r.OutName != "aten::abs.out").Append(new OperatorDefinition("aten::abs(Tensor self) -> Tensor")
        {
            OutName = "aten::abs.out",
            Kernel = (in KernelArgs a) => widths.Add(a.Context.Width),
        });
        using var archive = Corpus.Open("operators.zip");
        var bundle = BundledProgramFile.Read(new ByteSource(Corpus.Read(archive, "aten-abs.out.bpte")));
        using var program = Program.Load(bundle.Program, new RuntimeOptions { Width = width, Threads = 1, Operators = new OperatorTable(rows) });
        using var method = program.LoadMethod(program.MethodNames[0]);
        for (int i = 0; i < method.InputCount; i++)
            method.SetInput(i, EValue.Of(Tensor.Empty(method.GetInput(i).AsTensor().Type, method.GetInput(i).AsTensor().Sizes)));
        method.Execute();
        Assert.Equal([width], widths);
    }

    private readonly struct Probe(List<int> bits) : IUnaryFunction
    {
        public List<int> Bits { get; } = bits;

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct
        {
            Bits.Add(8 * Unsafe.SizeOf<V>());
            return x;
        }
    }
}
