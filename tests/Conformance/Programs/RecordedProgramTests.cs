using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Sources;
using ExecuSharp.Verification;

namespace ExecuSharp.Tests.Conformance.Programs;

/// <summary>Official program files: run with the recorded outputs, rewritten to the same tree, inspected or refused with a reason.</summary>
public sealed class RecordedProgramTests
{
    [SharedTheory]
    [InlineData("programs")]
    [InlineData("models")]
    [InlineData("perception-encoder")]
    [InlineData("seizure")]
    [InlineData("demo")]
    [InlineData("versions")]
    [InlineData("real-models")]
    public void Bundled_programs_give_the_recorded_outputs(string set)
    {
        var failures = Directory.EnumerateFiles(SharedFolder.Get("conformance", set), "*.bpte", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(f => BundleVerifier.Verify(f)).Where(c => c.Status != CaseStatus.Pass).Select(c => $"{c.File} {c.Method} {c.Case}: {c.Message}").ToList();
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [SharedFact]
    public void Rewritten_programs_parse_to_the_same_tree()
    {
        int count = 0;
        foreach (string file in Directory.EnumerateFiles(SharedFolder.Get("conformance", "models"), "*.bpte", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(SharedFolder.Get("conformance", "programs"), "*.bpte")))
        {
            using var source = ByteSource.Open(file);
            var bundle = BundledProgramFile.Read(source);
            AssertRewrites(bundle.Program, file);
            var again = BundledProgramFile.Read(new ByteSource(bundle.ToBytes()));
            Assert.True(again.Program.Span.SequenceEqual(bundle.Program.Span), file);
            Assert.Equal(bundle.Suites.Sum(s => s.Cases.Count), again.Suites.Sum(s => s.Cases.Count));
            count++;
        }
        Assert.True(count > 100);
    }

    [SharedFact]
    public void Files_found_in_public_repositories_are_read_or_refused_with_a_reason()
    {
        foreach (string file in Directory.EnumerateFiles(SharedFolder.Get("conformance", "real-pte")))
        {
            var kind = FileKinds.Detect(file);
            if (kind is not (FileKind.Pte or FileKind.BundledProgram))
            {
                Assert.True(kind is FileKind.FlatTensor or FileKind.EtDump, file);
                continue;
            }
            using var program = Runtime.Program.Load(file);
            var inspection = Inspection.ProgramInspection.Of(program.Records);
            Assert.NotEmpty(inspection.Methods);
            string name = Path.GetFileName(file);
            var refused = Record.Exception(() => program.LoadMethod(program.MethodNames[0]).Dispose());
            if (name is "dj_openvino_tiny.pte" or "np_lstm.pte" || name.Contains("KeywordSpotting", StringComparison.Ordinal))
                Assert.IsType<Runtime.UnsupportedProgramException>(refused);
            else if (name == "rs_model.pte")
                Assert.Equal(ErrorCode.InvalidState, Assert.IsType<ExecuTorchException>(refused).Code);
            else
                Assert.True(refused is null, $"{name}: {refused?.Message}");
        }
    }

    private static void AssertRewrites(ReadOnlyMemory<byte> bytes, string file)
    {
        var program = PteReader.Read(bytes);
        var segments = program.Segments.Select((_, i) => new PteSegmentData([program.SegmentBytes(i)])).ToList();
        var again = PteReader.Read(PteWriter.ToBytes(new PteImage(program, segments), program.Header is null ? 0 : (int)program.Header.Length));
        Assert.Equal(Text(program), Text(again));
        for (int i = 0; i < segments.Count; i++)
            Assert.True(program.SegmentBytes(i).Span.SequenceEqual(again.SegmentBytes(i).Span), $"{file}: segment {i}");
    }

    private static string Text(PteProgram program) => string.Join("\n", program.Methods.SelectMany(m => new[]
    {
        m.Name, m.InputTree, m.OutputTree, string.Join(",", m.Inputs), string.Join(",", m.Outputs), string.Join(",", m.MemorySizes), string.Join(",", m.Operators),
        string.Join(";", m.Values.Select(ValueText)), string.Join(";", m.Chains.SelectMany(c => c.Instructions).Select(InstructionText)), string.Join(";", m.Delegates.Select(d => $"{d.Id} {d.InSegment} {d.Index}")),
    })) + string.Join(",", program.NamedData) + (program.ConstantSegment is { } c ? c.SegmentIndex + ":" + string.Join(",", c.Offsets) : "") + string.Join("|", program.ConstantBuffer.Select(b => Convert.ToHexString(b.Span)));

    private static string ValueText(PteValue value) => value switch
    {
        PteTensor t => $"{t.Type}[{string.Join(",", t.Sizes)}]{string.Join("", t.DimOrder)} {t.DataBufferIndex} {t.Allocation} {t.Dynamism} {t.Extra}",
        PteValue.IntList l => "I" + string.Join(",", l.Items),
        PteValue.DoubleList l => "D" + string.Join(",", l.Items),
        PteValue.BoolList l => "B" + string.Join(",", l.Items),
        PteValue.TensorList l => "T" + string.Join(",", l.Items),
        PteValue.OptionalTensorList l => "O" + string.Join(",", l.Items),
        _ => value.ToString(),
    };

    private static string InstructionText(PteInstruction instruction) => instruction switch
    {
        PteInstruction.KernelCall k => $"K{k.OperatorIndex}({string.Join(",", k.Args)})",
        PteInstruction.DelegateCall d => $"D{d.DelegateIndex}({string.Join(",", d.Args)})",
        _ => instruction.ToString(),
    };
}
