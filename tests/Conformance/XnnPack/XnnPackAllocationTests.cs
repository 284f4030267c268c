using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.XnnPack;

/// <summary>A delegate that runs again with the same sizes allocates nothing.</summary>
public sealed class XnnPackAllocationTests
{
    [Fact]
    public void Repeated_execution_does_not_allocate()
    {
        using var set = XnnPackSet.Packed();
        var options = RuntimeOptions.Default with { Threads = 1 };
        var faults = new List<string>();
        foreach (var file in set.Json("index.json").GetProperty("files").EnumerateObject())
            if (Allocated(set.Read(file.Value.GetProperty("file").GetString()!), options) is > 0 and var bytes)
                faults.Add($"{file.Name}: {bytes} bytes");
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    private static long Allocated(byte[] file, RuntimeOptions options)
    {
        using var source = new ByteSource(file);
        var bundle = BundledProgramFile.Read(source);
        using var program = Program.Load(bundle.Program, options);
        using var method = program.LoadMethod(bundle.Suites[0].Method);
        var inputs = bundle.Suites[0].Cases[0].Inputs;
        for (int i = 0; i < inputs.Count; i++)
            method.SetInput(i, EValue.Of(((BundledValue.TensorValue)inputs[i]).ToTensor()));
        // The smallest of some runs, because compilation in the background may allocate on this thread.
        long least = long.MaxValue;
        for (int run = 0; run < 6; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            method.Execute();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
