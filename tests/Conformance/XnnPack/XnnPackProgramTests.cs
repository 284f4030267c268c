using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.XnnPack;

/// <summary>Recorded programs of the XNNPACK delegate give the recorded outputs, or are refused as recorded, at every vector width.</summary>
public sealed class XnnPackProgramTests
{
    public static TheoryData<SimdWidth, int> Widths()
    {
        var data = new TheoryData<SimdWidth, int>();
        foreach (var width in SimdWidths.Available)
        {
            data.Add(width, 1);
            data.Add(width, 2);
        }
        return data;
    }

    [SharedTheory]
    [MemberData(nameof(Widths))]
    public void All_programs_give_the_recorded_outputs(SimdWidth width, int threads) => CheckOutputs(XnnPackSet.Full(), width, threads, 646);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Packed_programs_give_the_recorded_outputs(SimdWidth width, int threads) => CheckOutputs(XnnPackSet.Packed(), width, threads, 50);

    [SharedTheory]
    [MemberData(nameof(Widths))]
    public void All_failing_programs_are_refused_with_the_code(SimdWidth width, int threads) => CheckRefusals(XnnPackSet.Full(), width, threads, 53);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Packed_failing_programs_are_refused_with_the_code(SimdWidth width, int threads) => CheckRefusals(XnnPackSet.Packed(), width, threads, 53);

    private static void CheckOutputs(XnnPackSet set, SimdWidth width, int threads, int least)
    {
        using (set)
        {
            var options = RuntimeOptions.Default with { Width = width, Threads = threads };
            var faults = new List<string>();
            int count = 0;
            foreach (var file in set.Json("index.json").GetProperty("files").EnumerateObject())
            {
                count++;
                faults.AddRange(Outputs(set, file, options).Select(f => $"{file.Name}: {f}"));
            }
            Assert.True(faults.Count == 0, string.Join("\n", faults));
            Assert.True(count >= least, $"{count} programs");
        }
    }

    private static List<string> Outputs(XnnPackSet set, JsonProperty file, RuntimeOptions options)
    {
        // Informational programs show what is undefined: they only must not fail.
        var tolerance = file.Value.GetProperty("informational").GetBoolean() ? null : new Tolerance(file.Value.GetProperty("tolerance"));
        try
        {
            return ProgramRunner.Run(set.Read(file.Value.GetProperty("file").GetString()!), tolerance, options).Faults;
        }
        catch (ExecuTorchException e)
        {
            return [e.Message];
        }
    }

    private static void CheckRefusals(XnnPackSet set, SimdWidth width, int threads, int wanted)
    {
        using (set)
        {
            var options = RuntimeOptions.Default with { Width = width, Threads = threads };
            var faults = new List<string>();
            int count = 0;
            foreach (var file in set.Json("errors.json").EnumerateObject())
            {
                count++;
                if (RefusalRunner.Run(set.Read(file.Value.GetProperty("file").GetString()!), file.Value, options) is { } fault)
                    faults.Add($"{file.Name}: {fault}");
            }
            Assert.True(faults.Count == 0, string.Join("\n", faults));
            Assert.Equal(wanted, count);
        }
    }
}
