using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.Programs;

/// <summary>One program, many methods, many threads.</summary>
public sealed class ConcurrencyTests
{
    private const int Threads = 6;

    [Theory]
    [InlineData("mobilenet_v2/portable.bpte", 1)]
    [InlineData("mobilenet_v2/portable.bpte", 2)]
    [InlineData("mobilenet_v2/xnnpack.bpte", 2)]
    [InlineData("mobilenet_v2/xnnpack-int8.bpte", 2)]
    [InlineData("deit_registers/portable.bpte", 3)]
    [InlineData("deit_registers/xnnpack.bpte", 3)]
    public void Methods_on_many_threads_give_the_bits_of_one(string entry, int poolThreads)
    {
        var bundle = ProgramApiTests.Bundle(entry);
        using var program = Program.Load(bundle.Program, RuntimeOptions.Default with { Threads = poolThreads });
        float[] expected;
        using (var method = program.LoadMethod())
            expected = ProgramApiTests.Run(method, bundle).ToArray();
        OnThreads(_ =>
        {
            for (int load = 0; load < 2; load++)
            {
                using var method = program.LoadMethod();
                for (int run = 0; run < 4; run++)
                    Assert.Equal(expected, ProgramApiTests.Run(method, bundle).ToArray());
            }
        });
    }

    [Fact]
    public void A_method_is_not_executed_twice_at_once()
    {
        var bundle = ProgramApiTests.Bundle("mobilenet_v2/portable.bpte");
        using var program = Program.Load(bundle.Program);
        using var method = program.LoadMethod();
        method.SetInput(0, ProgramApiTests.Input(bundle));
        var inner = new ExecuteAgain(method);
        method.Observer = inner;
        method.Execute();
        method.Observer = null;
        Assert.Equal(ErrorCode.InvalidState, Assert.IsType<ExecuTorchException>(inner.Found).Code);
        method.SetInput(0, ProgramApiTests.Input(bundle));
        method.Execute();
    }

    [Fact]
    public void Disposing_a_mapped_program_lets_executions_end_first()
    {
        string path = Path.GetTempFileName();
        var bundle = ProgramApiTests.Bundle("mobilenet_v2/xnnpack.bpte");
        File.WriteAllBytes(path, bundle.Program.ToArray());
        for (int round = 0; round < 5; round++)
        {
            var program = Program.Load(path, RuntimeOptions.Default with { Threads = 2 });
            using var started = new CountdownEvent(Threads);
            int ended = 0;
            OnThreads(thread =>
            {
                using var method = program.LoadMethod();
                float[] expected = ProgramApiTests.Run(method, bundle).ToArray();
                started.Signal();
                started.Wait();
                try
                {
                    for (int run = 0; run < 1_000_000; run++)
                    {
                        if (thread == 0 && run == 3)
                            program.Dispose();
                        Assert.Equal(expected, ProgramApiTests.Run(method, bundle).ToArray());
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref ended);
                }
            });
            Assert.Equal(Threads, ended);
        }
        File.Delete(path);
    }

    private static void OnThreads(Action<int> action)
    {
        var failures = new Exception?[Threads];
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            try
            {
                action(i);
            }
            catch (Exception e)
            {
                failures[i] = e;
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.All(failures, f => Assert.True(f is null, f?.ToString()));
    }

    private sealed class ExecuteAgain(Method method) : MethodObserver
    {
        public Exception? Found { get; private set; }

        public override void OnInstruction(int chain, int index, PteInstruction instruction, long start, long end, ReadOnlySpan<EValue> values) =>
            Found ??= Record.Exception(() => method.Execute());
    }
}
