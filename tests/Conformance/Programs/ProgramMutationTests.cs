using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.Programs;

/// <summary>Damaged program files: nothing but a format error or a clear run error, whatever the bytes. Seeded, so a failure repeats.</summary>
public sealed class ProgramMutationTests
{
    private const int Mutations = 20_000;

    [Fact]
    public void Damaged_programs_are_refused_or_run()
    {
        using var archive = Corpus.Open("xnnpack.zip");
        var seeds = archive.Entries.Where(e => e.Name.EndsWith(".bpte", StringComparison.Ordinal) && e.Length < 20_000).OrderBy(e => e.FullName, StringComparer.Ordinal).Select(e => Corpus.Read(archive, e.FullName)).ToList();
        using var operators = Corpus.Open("operators.zip");
        seeds.AddRange(operators.Entries.Where(e => e.Name.EndsWith(".bpte", StringComparison.Ordinal) && e.Length < 20_000).OrderBy(e => e.FullName, StringComparer.Ordinal).Take(150).Select(e => Corpus.Read(operators, e.FullName)));
        Assert.NotEmpty(seeds);
        var options = RuntimeOptions.Default with { Threads = 1, MaxPlannedMemory = 64 << 20, MaxInstructions = 10_000 };
        Parallel.For(0, Mutations, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i => Try(seeds[i % seeds.Count], new Random(i), i, options));
    }

    private static void Try(byte[] seed, Random random, int number, RuntimeOptions options)
    {
        var bundle = BundledProgramFile.Read(new ByteSource(seed));
        var bytes = bundle.Program.ToArray();
        int edits = random.Next(1, 5);
        for (int e = 0; e < edits; e++)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        if (random.Next(8) == 0)
            bytes = bytes[..random.Next(bytes.Length)];
        try
        {
            using var program = Program.Load(bytes, options);
            foreach (string name in program.MethodNames.Take(2))
            {
                using var method = program.LoadMethod(name);
                for (int i = 0; i < method.InputCount; i++)
                    method.SetInput(i, method.GetInput(i).Tag == Tag.Tensor ? EValue.Of(Tensor.Empty(method.GetInput(i).AsTensor().Type, method.GetInput(i).AsTensor().Sizes, [.. method.GetInput(i).AsTensor().DimOrder])) : method.GetInput(i));
                method.Execute();
            }
        }
        catch (Exception e) when (e is ModelFormatException or ExecuTorchException)
        {
        }
        catch (Exception e)
        {
            Assert.Fail($"mutation {number}: {e}");
        }
    }
}
