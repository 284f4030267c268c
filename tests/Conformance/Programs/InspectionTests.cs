using ExecuSharp.Compiler;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Inspection;

namespace ExecuSharp.Tests.Conformance.Programs;

/// <summary>What inspection says about recorded programs.</summary>
public sealed class InspectionTests
{
    [Fact]
    public void Every_call_names_what_runs_it()
    {
        var method = Inspect("etdump.zip", "portable.bpte").Methods[0];
        Assert.Equal(9, method.Instructions.Count);
        Assert.Equal("aten::permute_copy.out(0, 10, 7, 7)", method.Instructions[0].Text);
        Assert.Equal("kernel of aten::addmm", method.Instructions[1].RunBy);
        Assert.Equal(new OperatorUse("aten::addmm.out", 3, "kernel of aten::addmm"), method.Operators.Single(o => o.Key == "aten::addmm.out"));
        Assert.Equal("XnnpackBackend", Inspect("etdump.zip", "xnnpack.bpte").Methods[0].Instructions.Single().RunBy);
    }

    [Fact]
    public void A_plan_has_lifetimes_and_waste()
    {
        var memory = Inspect("etdump.zip", "portable.bpte").Methods[0].Memory;
        Assert.Equal(new PlannedTensor(7, "Float[16, 48]", 1, 0, 3072, 0, 1), memory.Tensors[0]);
        Assert.Equal(new PlannedTensor(31, "Float[8, 5]", 1, 0, 160, 8, 9), memory.Tensors[^1]);
        // At instruction 4: the left factor, the transposed weight and the result.
        Assert.Equal((8704ul, 8704ul, 4), (memory.PlannedBytes, memory.LiveBytes, memory.Arenas[0].LiveAt));
        var ends = Inspect("etdump.zip", "xnnpack.bpte").Methods[0].Memory;
        Assert.Equal((736ul, 672ul, 64ul), (ends.PlannedBytes, ends.LiveBytes, ends.WasteBytes));
    }

    [Fact]
    public void Weights_are_listed_by_size()
    {
        var portable = Inspect("etdump.zip", "portable.bpte").Weights;
        Assert.Equal([6144ul, 3072ul, 640ul, 192ul, 128ul, 20ul], portable.Select(w => w.Bytes));
        Assert.Equal(new WeightInspection("forward value 2", "constant segment", "Float[32, 48]", 6144, 1), portable[0]);
        var xnnpack = Inspect("etdump.zip", "xnnpack.bpte").Weights;
        Assert.Equal(portable.Select(w => w.Bytes), xnnpack.Select(w => w.Bytes));
        Assert.All(xnnpack, w => Assert.Equal("named data", w.Place));
    }

    [Fact]
    public void Nodes_of_delegates_have_sizes_and_quantization()
    {
        var node = Inspect("etdump.zip", "xnnpack.bpte").Methods[0].Delegates[0].Nodes[0];
        Assert.Equal("FullyConnected(Fp32[8, 16], Fp32[48, 16] constant, Fp32[48] constant) -> Fp32[8, 48] within 0 … Infinity", node.ToString());
        using var archive = Corpus.Open("xnnpack.zip");
        var values = archive.Entries.Where(e => e.Name.EndsWith(".bpte", StringComparison.Ordinal)).OrderBy(e => e.FullName, StringComparer.Ordinal)
            .SelectMany(e => Inspect("xnnpack.zip", e.FullName).Methods).SelectMany(m => m.Delegates).SelectMany(d => d.Nodes).SelectMany(n => n.Inputs.Concat(n.Outputs)).ToList();
        foreach (string type in new[] { "QInt8", "QUInt8", "QCInt8", "QDInt8", "QCInt4", "QBInt4", "QInt32", "QCInt32" })
            Assert.All(values.Where(v => v.Type == type).DefaultIfEmpty(new(0, type, [], null, null)), v => Assert.NotNull(v.Quantization));
        Assert.Contains(values, v => v.Quantization == "32 scales along dimension 0" || v.Quantization == "16 scales along dimension 0");
        Assert.Contains(values, v => v.Quantization?.EndsWith("for blocks of 32", StringComparison.Ordinal) == true);
        Assert.Contains(values, v => v.Quantization?.StartsWith("scale ", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Loops_keep_what_they_cross_alive()
    {
        PteTensor Planned(ulong offset) => new() { Type = Core.ScalarType.Float, Sizes = [4], DimOrder = [0], Allocation = new PteAllocation(1, offset) };
        var method = new PteMethod
        {
            Name = "loop",
            Values = [Planned(0), Planned(16), Planned(32), new PteValue.Bool(false)],
            Inputs = [],
            Outputs = [2],
            // 0 writes a; the loop 1 … 3 reads a at its start and uses b inside; 4 writes the output.
            Chains = [new PteChain([Call(0), Call(0, 1), Call(1), new PteInstruction.JumpFalseCall(3, 1), Call(2)])],
            Operators = [new PteOperator("aten::neg", "out")],
            Delegates = [],
            MemorySizes = [0, 48],
        };
        var memory = ProgramInspection.Of(new PteProgram { Methods = [method], SegmentBytes = _ => default }).Methods[0].Memory;
        Assert.Equal([(0, 3), (1, 2), (4, 5)], memory.Tensors.Select(t => (t.First, t.Last)));
        Assert.Equal((48ul, 32ul), (memory.PlannedBytes, memory.LiveBytes));
    }

    [Fact]
    public void Releases_are_written_as_ranges()
    {
        Assert.Equal("none", new ReleaseRange([], []).ToString());
        Assert.Equal("0.2 to 0.3, 0.7 and later", new ReleaseRange([.. ReleaseRange.Known.Where(r => r < new ExecuTorchRelease(0, 4) || r > new ExecuTorchRelease(0, 6))], []).ToString());
        Assert.Equal("0.4 to 1.2, 1.5", new ReleaseRange([.. ReleaseRange.Known.Where(r => r >= new ExecuTorchRelease(0, 4) && r <= new ExecuTorchRelease(1, 2)), new(1, 5)], []).ToString());
    }

    [SharedFact]
    public void No_plan_of_a_recorded_program_is_below_its_lower_bound()
    {
        int arenas = 0;
        foreach (string file in Directory.EnumerateFiles(SharedFolder.Get("conformance", "models"), "*.bpte", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var program = Runtime.Program.Load(file);
            var inspection = ProgramInspection.Of(program.Records);
            foreach (var arena in inspection.Methods.SelectMany(m => m.Memory.Arenas))
            {
                Assert.True(arena.LiveBytes <= arena.PlannedBytes, $"{file}: {arena}");
                arenas++;
            }
            Assert.All(inspection.Methods.SelectMany(m => m.Instructions), i => Assert.NotNull(i.RunBy));
        }
        Assert.True(arenas > 100);
    }

    private static PteInstruction.KernelCall Call(params int[] args) => new(0, args);

    private static ProgramInspection Inspect(string archive, string entry)
    {
        using var zip = Corpus.Open(archive);
        var bundle = BundledProgramFile.Read(new ByteSource(Corpus.Read(zip, entry)));
        return ProgramInspection.Of(PteReader.Read(bundle.Program));
    }
}
