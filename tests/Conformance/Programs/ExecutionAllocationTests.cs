using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.Programs;

/// <summary>A method that runs again allocates nothing, on its caller's thread and on all others.</summary>
[Collection("alone")]
public sealed class ExecutionAllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Packed_programs_allocate_nothing(int threads)
    {
        using var archive = Corpus.Open("static-programs.zip");
        var programs = archive.Entries.Select(e => (e.FullName, Corpus.Read(archive, e.FullName)))
            .Concat(Directory.EnumerateFiles(Models.DemoFolder.Root, "*.bpte").Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))).ToList();
        Assert.Equal(11, programs.Count);
        Check(programs, threads);
    }

    [SharedTheory]
    [InlineData("models", 102)]
    [InlineData("perception-encoder", 21)]
    [InlineData("seizure", 15)]
    [InlineData("versions", 27)]
    public void Recorded_programs_allocate_nothing_on_two_threads(string set, int count)
    {
        var files = Directory.EnumerateFiles(SharedFolder.Get("conformance", set), "*.bpte", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(count, files.Count);
        Check(files.Select(f => (Path.GetRelativePath(SharedFolder.Path!, f), File.ReadAllBytes(f))), 2);
    }

    [Fact]
    public void Kernels_allocate_nothing()
    {
        using var archive = Corpus.Open("operators.zip");
        var faults = new List<string>();
        int methods = 0;
        foreach (var entry in archive.Entries.Where(e => e.Name.EndsWith(".bpte", StringComparison.Ordinal)))
        {
            var bundle = BundledProgramFile.Read(new ByteSource(Corpus.Read(archive, entry.FullName)));
            using var program = Program.Load(bundle.Program, RuntimeOptions.Default with { Threads = 1 });
            // Every fifth method still has each kernel and, over the set, each element type.
            foreach (var suite in bundle.Suites.Where((_, i) => i % 5 == 0))
                if (TryAllocated(program, suite) is { } bytes)
                {
                    methods++;
                    if (bytes > 0)
                        faults.Add($"{entry.Name} {suite.Method}: {bytes} bytes");
                }
        }
        Assert.True(methods > 1000, $"{methods} methods");
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    private static long? TryAllocated(Program program, BundledSuite suite)
    {
        try
        {
            return Allocated(program, suite);
        }
        catch (ExecuTorchException)
        {
            return null;
        }
    }

    private static void Check(IEnumerable<(string Name, byte[] Bytes)> programs, int threads)
    {
        var faults = new List<string>();
        foreach (var (name, bytes) in programs)
        {
            var bundle = BundledProgramFile.Read(new ByteSource(bytes));
            using var program = Program.Load(bundle.Program, RuntimeOptions.Default with { Threads = threads });
            foreach (var suite in bundle.Suites.Where(s => s.Cases.Count > 0))
                if (Allocated(program, suite) is > 0 and var allocated)
                    faults.Add($"{name} {suite.Method}: {allocated} bytes");
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    // The least of up to 40 runs, because the first ones make buffers, and compilation and the test host allocate in the background.
    private static long Allocated(Program program, BundledSuite suite)
    {
        using var method = program.LoadMethod(suite.Method);
        var inputs = RecordedInputs.Of(suite.Cases[0]);
        long least = long.MaxValue;
        for (int run = 0; run < 40 && least > 0; run++)
        {
            RecordedInputs.Set(method, inputs);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            method.Execute();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return least;
    }
}
