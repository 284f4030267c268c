using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Kernels;
using ExecuSharp.Runtime.Backends;
using ExecuSharp.Runtime.XnnPack;
using ExecuSharp.Tools.Fuzzing;

namespace ExecuSharp.Tests.Conformance.XnnPack;

/// <summary>Payloads with changed bytes run or are refused with an error code; nothing else comes out, and no memory outside is touched.</summary>
public sealed class XnnPackMutationTests
{
    [Fact]
    public void Changed_payloads_run_or_are_refused()
    {
        using var set = XnnPackSet.Packed();
        var random = new Random(7);
        int refused = 0, ran = 0;
        foreach (var file in set.Json("index.json").GetProperty("files").EnumerateObject())
        {
            var bundle = BundledProgramFile.Read(new ByteSource(set.Read(file.Value.GetProperty("file").GetString()!)));
            var program = PteReader.Read(new ByteSource(bundle.Program));
            foreach (var method in program.Methods)
                foreach (var call in method.Chains[0].Instructions.OfType<PteInstruction.DelegateCall>())
                    for (int round = 0; round < 12; round++)
                        if (Try(program, method, call, random))
                            ran++;
                        else
                            refused++;
        }
        Assert.True(refused > 100 && ran > 100, $"{refused} refused, {ran} ran");
    }

    private static bool Try(PteProgram program, PteMethod method, PteInstruction.DelegateCall call, Random random)
    {
        var d = method.Delegates[call.DelegateIndex];
        var payload = (d.InSegment ? program.SegmentBytes((int)d.Index) : program.InlineDelegateData[(int)d.Index]);
        byte[] damaged = Mutator.Mutate(payload.Span, random);
        try
        {
            using var handle = new XnnPackBackend().Init(damaged, new NamedData(program), KernelContext.SingleThreaded());
            handle.Execute(KernelContext.SingleThreaded(), [.. call.Args.Select(a => Argument(method.Values[a]))]);
            return true;
        }
        catch (ExecuTorchException)
        {
            return false;
        }
    }

    private static EValue Argument(PteValue value)
    {
        if (value is not PteTensor t)
            return EValue.None();
        var type = t.Type;
        long bytes = type.SizeOf();
        foreach (int size in t.Sizes)
            bytes *= size;
        return EValue.Of(new Tensor(type, [.. t.Sizes], new byte[bytes], [.. t.DimOrder], ShapeDynamism.DynamicBound));
    }

    private sealed class NamedData(PteProgram program) : INamedData
    {
        public bool TryGet(string key, out ReadOnlyMemory<byte> bytes)
        {
            var entry = program.NamedData.FirstOrDefault(n => n.Key == key);
            bytes = entry is null ? default : program.SegmentBytes((int)entry.SegmentIndex);
            return entry is not null;
        }
    }
}
