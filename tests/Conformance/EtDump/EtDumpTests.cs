using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.EtDump;
using ExecuSharp.Formats.Io;
using ExecuSharp.Inspection;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.EtDump;

/// <summary>ETDumps that the official runtime recorded: read, written again, and recorded by us with the same structure.</summary>
public sealed class EtDumpTests
{
    private static readonly string[] Kernels = ["permute_copy", "addmm", "relu", "permute_copy", "addmm", "gelu", "permute_copy", "addmm", "_softmax"];

    [Fact]
    public void A_recorded_dump_of_kernels_has_the_events_of_its_program()
    {
        var file = Read("portable.etdp");
        Assert.Equal(["Default", "Execute", "Execute", "Execute"], file.Runs.Select(r => r.Name));
        Assert.Equal(["Method::init -1 0", "Program::load_method -1 0"], Structure(file.Runs[0]));
        string[] expected = [.. Kernels.SelectMany((k, i) => new[] { $"native_call_{k}.out 0 {i}", $"OPERATOR_CALL 0 {i}" }), "Method::execute -1 0"];
        foreach (var run in file.Runs.Skip(1))
            Assert.Equal(expected, Structure(run));
        var first = (EtDumpEvent.Profile)file.Runs[1].Events[0];
        Assert.Equal((216110797ul, 216128343ul), (first.Start, first.End));
    }

    [Fact]
    public void A_recorded_dump_of_a_delegate_has_its_steps()
    {
        var steps = Read("xnnpack.etdp").Runs[1].Events.OfType<EtDumpEvent.Profile>().Where(e => e.Delegate is not null).ToList();
        Assert.Equal(["Fully Connected (NC, F32) GEMM #1", "Fully Connected (NC, F32) GEMM #2", "GELU (NC) #1", "Fully Connected (NC, F32) GEMM #3", "Softmax (NC, F32) #1"], steps.Select(s => s.Delegate!.Name));
        Assert.All(steps, s => Assert.Equal((null, -1, 0), (s.Name, s.Delegate!.Id, s.Instruction)));
    }

    [Theory]
    [InlineData("portable.etdp")]
    [InlineData("xnnpack.etdp")]
    [InlineData("tutorial.etdp")]
    public void A_dump_written_again_says_the_same(string name)
    {
        var file = Read(name);
        var again = EtDumpFile.Read(new ByteSource(file.ToBytes()));
        Assert.NotEmpty(file.Runs);
        Assert.Equal(EtDumpText.Of(file), EtDumpText.Of(again));
    }

    [Theory]
    [InlineData("portable")]
    [InlineData("xnnpack")]
    public void What_we_record_has_the_structure_of_the_official_dump(string name)
    {
        using var archive = Corpus.Open("etdump.zip");
        var bundle = BundledProgramFile.Read(new ByteSource(Corpus.Read(archive, name + ".bpte")));
        var recorder = new EtDumpRecorder();
        using var program = Program.Load(bundle.Program);
        using var method = program.LoadMethod("forward", recorder);
        method.SetInput(0, EValue.Of(((BundledValue.TensorValue)bundle.Suites[0].Cases[0].Inputs[0]).ToTensor()));
        for (int i = 0; i < 3; i++)
            method.Execute();
        var ours = EtDumpFile.Read(new ByteSource(recorder.ToFile().ToBytes()));
        var official = Read(name + ".etdp");
        Assert.Equal(official.Runs.Select(r => (r.Name, r.BundledInputIndex, r.Allocators.Count)), ours.Runs.Select(r => (r.Name, r.BundledInputIndex, r.Allocators.Count)));
        foreach (var (theirs, run) in official.Runs.Zip(ours.Runs))
        {
            Assert.Equal(Structure(theirs), Structure(run));
            var events = run.Events.Cast<EtDumpEvent.Profile>().ToList();
            Assert.All(events, e => Assert.True(e.Start <= e.End));
            Assert.All(events, e => Assert.InRange(e.End, e.Start, events.Max(o => o.End)));
        }
    }

    [JudgeTheory]
    [InlineData("control_flow", "count_5_by_1")]
    [InlineData("control_flow", "move_scalars")]
    [InlineData("control_flow", "free_after_use")]
    [InlineData("shape_arithmetic", "several_operators")]
    [InlineData("memory", "reused_bytes")]
    public void Control_flow_is_recorded_as_the_official_runtime_does(string set, string name)
    {
        string path = SharedFolder.Get("conformance", "programs", set + ".bpte"), target = Path.GetTempFileName();
        Models.JudgeRun.Run("etdump", path, "--method", name, "-o", target);
        using var official = ByteSource.Open(target);
        var recorder = new EtDumpRecorder();
        using var program = Program.Load(path);
        using var method = program.LoadMethod(name, recorder);
        for (int i = 0; i < method.InputCount; i++)
            method.SetInput(i, method.GetInput(i).Tag == Tag.Tensor ? EValue.Of(Tensor.Empty(method.GetInput(i).AsTensor().Type, method.GetInput(i).AsTensor().Sizes, [.. method.GetInput(i).AsTensor().DimOrder])) : method.GetInput(i));
        method.Execute();
        Assert.Equal(EtDumpFile.Read(official).Runs.SelectMany(Structure), recorder.ToFile().Runs.SelectMany(Structure));
        File.Delete(target);
    }

    [Fact]
    public void All_kinds_of_events_are_written_and_read()
    {
        var tensor = new EtDumpTensor(ScalarType.Half, [2, 3], [3, 1], 128);
        EtDumpValue[] values =
        [
            new EtDumpValue.Null(), new EtDumpValue.Int(-5, true), new EtDumpValue.Bool(true), new EtDumpValue.Float(1.5f, false), new EtDumpValue.Double(-2.5),
            new EtDumpValue.Tensor(tensor, true), new EtDumpValue.TensorList([tensor, tensor]),
        ];
        EtDumpEvent[] events =
        [
            new EtDumpEvent.Allocation(1, 4096),
            new EtDumpEvent.Profile("é", 2, 7, new EtDumpDelegate(3, null, new byte[] { 1, 2 }), 5, ulong.MaxValue),
            .. values.Select(v => new EtDumpEvent.Debug("name", -1, 4, new EtDumpDelegate(-1, "step"), v)),
        ];
        var file = new EtDumpFile(1, [new EtDumpRun("Execute", 2, ["a", "b"], events), new EtDumpRun("", -1, [], [])]);
        Assert.Equal(EtDumpText.Of(file), EtDumpText.Of(EtDumpFile.Read(new ByteSource(file.ToBytes()))));
    }

    [Fact]
    public void Damaged_dumps_are_refused_or_read()
    {
        using var archive = Corpus.Open("etdump.zip");
        byte[][] seeds = [.. new[] { "portable.etdp", "xnnpack.etdp", "tutorial.etdp" }.Select(n => Corpus.Read(archive, n))];
        int refused = 0;
        for (int i = 0; i < 5000; i++)
        {
            var random = new Random(i);
            var bytes = seeds[i % seeds.Length].ToArray();
            for (int e = random.Next(1, 6); e > 0; e--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(8) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                EtDumpInspection.Of(EtDumpFile.Read(new ByteSource(bytes)));
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 500, 4999);
    }

    [Fact]
    public void Wrong_files_are_refused_with_place_expected_and_found()
    {
        using var archive = Corpus.Open("etdump.zip");
        var bytes = Corpus.Read(archive, "portable.etdp");
        Assert.Equal("byte 0 (length)", Refusal(bytes[..^1]).Place);
        Assert.Equal("byte 0", Refusal(bytes[..11]).Place);
        Assert.Equal("byte 0", Refusal([]).Place);
        var program = Refusal(Corpus.Read(archive, "portable.bpte"));
        Assert.Equal(("byte 8", "the identifier ED00"), (program.Place, program.Expected));
        BitConverter.TryWriteBytes(bytes, 4);
        Assert.Equal("at least 8", Refusal(bytes).Expected);
    }

    [Fact]
    public void Times_are_summed_by_event_and_by_operator()
    {
        var inspection = EtDumpInspection.Of(Read("portable.etdp"));
        Assert.Equal([("Default", 1, 2), ("Execute", 3, 19)], inspection.Blocks.Select(b => (b.Name, b.Runs, b.Events.Count)));
        var addmm = inspection.Operators.Single(o => o.Name == "addmm.out").Times;
        Assert.Equal(9, addmm.Count);
        Assert.Equal((246250500 - 216130436) * 1e-6, addmm.Max, 9);
        Assert.Equal(27, inspection.Operators[0].Times.Count);
        Assert.Equal("OPERATOR_CALL", inspection.Operators[0].Name);
        Assert.Equal(3, EtDumpInspection.Of(Read("xnnpack.etdp")).Operators.Single(o => o.Name == "GELU (NC)").Times.Count);
    }

    [Fact]
    public void Percentiles_are_those_of_numpy()
    {
        var times = TimeStatistics.Of([4, 1, 2, 8, 16]);
        Assert.Equal((5, 31.0, 6.2, 1.0, 16.0), (times.Count, times.Total, times.Average, times.Min, times.Max));
        Assert.Equal(1.4, times.P10, 12);
        Assert.Equal(4, times.P50, 12);
        Assert.Equal(12.8, times.P90, 12);
    }

    private static ModelFormatException Refusal(byte[] bytes) => Assert.Throws<ModelFormatException>(() => EtDumpFile.Read(new ByteSource(bytes)));

    private static EtDumpFile Read(string name)
    {
        using var archive = Corpus.Open("etdump.zip");
        return EtDumpFile.Read(new ByteSource(Corpus.Read(archive, name), name));
    }

    private static List<string> Structure(EtDumpRun run) =>
        [.. run.Events.Cast<EtDumpEvent.Profile>().Select(e => $"{e.Name ?? (e.Delegate is null ? "" : "step")} {e.Chain} {e.Instruction}")];
}
