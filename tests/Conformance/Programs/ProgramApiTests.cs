using System.Numerics.Tensors;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Runtime;
using Tensor = ExecuSharp.Core.Tensor;

namespace ExecuSharp.Tests.Conformance.Programs;

/// <summary>Programs by path, stream and memory; inputs and outputs as spans; disposal and cancellation.</summary>
public sealed class ProgramApiTests
{
    private const string Network = "mobilenet_v2/portable.bpte";

    [Fact]
    public void Path_stream_and_memory_load_the_same_program()
    {
        var bytes = Bytes(Network);
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, bytes);
        var loaders = new Func<Program>[] { () => Program.Load(path), () => Program.Load(new MemoryStream(bytes)), () => Program.Load(bytes.AsMemory()) };
        var results = loaders.Select(load =>
        {
            using var program = load();
            using var method = program.LoadMethod();
            return Run(method, Bundle(Network)).ToArray();
        }).ToList();
        Assert.All(results, r => Assert.Equal(results[0], r));
        Assert.Equal(Expected(Bundle(Network)), results[0], (a, b) => Math.Abs(a - b) <= 1e-5 + (1e-4 * Math.Abs(a)));
        File.Delete(path);
    }

    [Fact]
    public void A_stream_that_cannot_be_read_is_a_format_error()
    {
        var closed = new MemoryStream();
        closed.Close();
        Assert.ThrowsAny<Exception>(() => Program.Load(closed));
        Assert.Throws<ModelFormatException>(() => Program.Load(new MemoryStream()));
        Assert.Throws<ModelFormatException>(() => Program.Load(new MemoryStream(new byte[100])));
    }

    [Fact]
    public void Spans_tensors_and_tensor_spans_give_the_same()
    {
        var bundle = Bundle(Network);
        using var program = Program.Load(bundle.Program);
        using var method = program.LoadMethod();
        var input = Input(bundle);
        float[] expected = Run(method, bundle).ToArray();

        method.SetInput<float>(0, input.Span<float>(), 1, 3, 32, 32);
        method.Execute();
        Assert.Equal(expected, method.GetOutput<float>(0).ToArray());

        method.SetInput(0, new ReadOnlyTensorSpan<float>(input.Span<float>(), [1, 3, 32, 32], default));
        method.Execute();
        var output = method.GetOutputTensor<float>(0);
        Assert.Equal([1, 10], output.Lengths.ToArray());
        Assert.Equal(expected[7], output[0, 7]);

        // The same elements from memory with the channels last.
        var moved = new float[input.Numel];
        for (int c = 0; c < 3; c++)
            for (int p = 0; p < 1024; p++)
                moved[(p * 3) + c] = input.Span<float>()[(c * 1024) + p];
        method.SetInput(0, new TensorSpan<float>(moved, [1, 3, 32, 32], [0, 1, 96, 3]));
        method.Execute();
        Assert.Equal(expected, method.GetOutput<float>(0).ToArray());
    }

    [Fact]
    public void Tensor_spans_are_indexed_alike_in_any_dim_order()
    {
        using var program = Program.Load(Copy(ScalarType.Float, [1, 3, 2, 2], [0, 2, 3, 1]));
        using var method = program.LoadMethod();
        var values = Enumerable.Range(0, 12).Select(i => (float)i).ToArray();
        method.SetInput(0, new ReadOnlyTensorSpan<float>(values, [1, 3, 2, 2], default));
        method.Execute();
        Assert.Equal([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], method.GetOutput<float>(0).ToArray());
        var output = method.GetOutputTensor<float>(0);
        for (int c = 0; c < 3; c++)
            for (int y = 0; y < 2; y++)
                for (int x = 0; x < 2; x++)
                    Assert.Equal((4 * c) + (2 * y) + x, output[0, c, y, x]);
    }

    [Fact]
    public void A_tensor_of_no_dimensions_is_a_span_of_one()
    {
        using var program = Program.Load(Copy(ScalarType.Float, [], []));
        using var method = program.LoadMethod();
        method.SetInput(0, new ReadOnlyTensorSpan<float>([42f]));
        method.Execute();
        Assert.Equal(42f, method.GetOutputTensor<float>(0)[0]);
        Assert.Equal([42f], method.GetOutput<float>(0).ToArray());
    }

    [Fact]
    public void Wrong_inputs_and_outputs_name_argument_expected_and_found()
    {
        using var program = Program.Load(Bytes(Network));
        using var method = program.LoadMethod();
        Assert.Contains("input 0 of forward is not set", Refusal(() => method.Execute()).Message, StringComparison.Ordinal);
        Assert.Contains("input 0 must be Float, Double was given", Refusal(() => method.SetInput<double>(0, new double[3072])).Message, StringComparison.Ordinal);
        Assert.Contains("input 0 needs 3072 values for sizes [1, 3, 32, 32], 5 were given", Refusal(() => method.SetInput<float>(0, new float[5])).Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.NotSupported, Refusal(() => method.SetInput<float>(0, new float[3072], 3, 1, 32, 32)).Code);
        Assert.Contains("input 1 of 1", Refusal(() => method.SetInput<float>(1, new float[1])).Message, StringComparison.Ordinal);
        Assert.Contains("output 0 is Float, Long was asked for", Refusal(() => method.GetOutput<long>(0)).Message, StringComparison.Ordinal);
        Assert.Contains("output 3 of 1", Refusal(() => method.GetOutput<float>(3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_of_a_dynamic_input_are_bounded_and_not_negative()
    {
        using var archive = Corpus.Open("etdump.zip");
        using var program = Program.Load(Corpus.Read(archive, "portable.bpte"));
        using var method = program.LoadMethod();
        Assert.Equal(ErrorCode.InvalidArgument, Refusal(() => method.SetInput<float>(0, new float[16], -1, -16)).Code);
        Assert.Equal(ErrorCode.NotSupported, Refusal(() => method.SetInput<float>(0, new float[16], int.MaxValue, int.MaxValue)).Code);
        Assert.Equal(ErrorCode.NotSupported, Refusal(() => method.SetInput<float>(0, new float[144], 9, 16)).Code);
        method.SetInput<float>(0, new float[32], 2, 16);
        method.Execute();
        Assert.Equal(10, method.GetOutput<float>(0).Length);
    }

    [Fact]
    public void Setting_inputs_and_reading_outputs_allocates_nothing()
    {
        using var program = Program.Load(Bytes(Network), RuntimeOptions.Default with { Threads = 1 });
        using var method = program.LoadMethod();
        var values = new float[3072];
        long least = long.MaxValue;
        float sum = 0;
        for (int run = 0; run < 20 && least > 0; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            method.SetInput<float>(0, values, 1, 3, 32, 32);
            method.SetInput(0, new ReadOnlyTensorSpan<float>(values, [1, 3, 32, 32], default));
            method.Execute();
            sum += method.GetOutput<float>(0)[0] + method.GetOutputTensor<float>(0)[0, 1];
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.True(float.IsFinite(sum));
        Assert.Equal(0, least);
    }

    [Fact]
    public void A_cancelled_execution_ends_between_instructions_and_can_be_repeated()
    {
        var bundle = Bundle(Network);
        using var program = Program.Load(bundle.Program);
        using var method = program.LoadMethod();
        float[] expected = Run(method, bundle).ToArray();
        using var cancellation = new CancellationTokenSource();
        method.Observer = new CancelAfter(5, cancellation);
        method.SetInput(0, Input(bundle));
        Assert.Throws<OperationCanceledException>(() => method.Execute(cancellation.Token));
        Assert.Equal(5, ((CancelAfter)method.Observer).Seen);
        method.Observer = null;
        Assert.Equal(expected, Run(method, bundle).ToArray());
    }

    [Fact]
    public void Disposed_methods_and_programs_say_so()
    {
        var bundle = Bundle(Network);
        var program = Program.Load(bundle.Program);
        var method = program.LoadMethod();
        var other = program.LoadMethod();
        method.SetInput(0, Input(bundle));
        method.Dispose();
        method.Dispose();
        Assert.Throws<ObjectDisposedException>(() => method.Execute());
        Assert.Throws<ObjectDisposedException>(() => method.SetInput(0, Input(bundle)));
        Assert.Throws<ObjectDisposedException>(() => method.GetOutput(0));
        Assert.Equal(Expected(bundle), Run(other, bundle).ToArray(), (a, b) => Math.Abs(a - b) <= 1e-5 + (1e-4 * Math.Abs(a)));
        program.Dispose();
        program.Dispose();
        Assert.Throws<ObjectDisposedException>(() => program.LoadMethod());
        Assert.Throws<ObjectDisposedException>(() => other.Execute());
        other.Dispose();
    }

    internal static byte[] Bytes(string entry)
    {
        using var archive = Corpus.Open("static-programs.zip");
        return Corpus.Read(archive, entry);
    }

    internal static BundledProgramFile Bundle(string entry) => BundledProgramFile.Read(new ByteSource(Bytes(entry)));

    internal static Tensor Input(BundledProgramFile bundle) => ((BundledValue.TensorValue)bundle.Suites[0].Cases[0].Inputs[0]).ToTensor();

    internal static float[] Expected(BundledProgramFile bundle) => ((BundledValue.TensorValue)bundle.Suites[0].Cases[0].ExpectedOutputs[0]).ToTensor().Span<float>().ToArray();

    internal static ReadOnlySpan<float> Run(Method method, BundledProgramFile bundle)
    {
        method.SetInput(0, Input(bundle));
        method.Execute();
        return method.GetOutput<float>(0);
    }

    private static ExecuTorchException Refusal(Action action) => Assert.Throws<ExecuTorchException>(action);

    // A method that returns a copy of its input, with planned memory for neither.
    private static byte[] Copy(ScalarType type, int[] sizes, byte[] order)
    {
        var tensor = new PteTensor { Type = type, Sizes = sizes, DimOrder = order };
        var method = new PteMethod
        {
            Name = "forward",
            Values = [tensor, tensor, new PteValue.Int(0), new PteValue.Bool(false), new PteValue.Null()],
            Inputs = [0],
            Outputs = [1],
            Chains = [new PteChain([new PteInstruction.KernelCall(0, [0, 3, 4, 1, 1])])],
            Operators = [new PteOperator("dim_order_ops::_clone_dim_order", "out")],
            Delegates = [],
            MemorySizes = [0],
        };
        return PteWriter.ToBytes(new PteImage(new PteProgram { Methods = [method], SegmentBytes = _ => default }, []), 32);
    }

    private sealed class CancelAfter(int instructions, CancellationTokenSource source) : MethodObserver
    {
        public int Seen { get; private set; }

        public override void OnInstruction(int chain, int index, PteInstruction instruction, long start, long end, ReadOnlySpan<EValue> values)
        {
            if (++Seen == instructions)
                source.Cancel();
        }
    }
}
