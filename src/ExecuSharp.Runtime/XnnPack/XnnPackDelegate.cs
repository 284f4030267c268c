using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Threading;
using ExecuSharp.Runtime.Backends;
using ExecuSharp.Runtime.XnnPack.Graph;
using ExecuSharp.Runtime.XnnPack.Linear;
using ExecuSharp.Runtime.XnnPack.Movement;

namespace ExecuSharp.Runtime.XnnPack;

/// <summary>
/// A prepared subgraph. Sizes are inferred from the inputs; when they are those of the last call, memory and sizes are kept and nothing is
/// allocated.
/// </summary>
internal sealed unsafe class XnnPackDelegate : IObservableDelegate
{
    private readonly XnnOperator[] operators;
    private readonly XnnTensor[] inputs;
    private readonly XnnTensor[] outputs;
    private readonly XnnTensor[] internals;
    private readonly MemoryPlan.Entry[] lifetimes;
    private readonly XnnTensor[] aliases;
    private readonly long[] offsets;
    private readonly List<MemoryHandle> constants = [];
    private readonly MemoryHandle[] pins;
    private readonly XnnContext context;
    private readonly WorkerPool single = new(1);
    private readonly Workspace workspace;
    private long planned;
    private long scratch;
    private int generation = -1;
    private string[]? names;
    private bool shaped;
    private bool disposed;

    public XnnPackDelegate(ValueTable values, XnnOperator[] operators, KernelContext kernels)
    {
        this.operators = operators;
        workspace = kernels.Workspace;
        context = new XnnContext(kernels, new KernelContext(kernels.Width, single), new KernelContext(FloatWeights.HalfOf(kernels.Width), single));
        inputs = [.. values.All.Where(v => v.IsInput).OrderBy(v => v.External)];
        outputs = [.. values.All.Where(v => v.IsOutput && !v.IsInput).OrderBy(v => v.External)];
        foreach (var op in operators)
            (op as CopyOperator)?.Share();
        XnnTensor[] written = [.. operators.SelectMany(o => o.Outputs).Distinct()];
        internals = [.. written.Where(v => v.External < 0 && v.Base is null)];
        aliases = [.. written.Where(v => v.Base is not null)];
        pins = new MemoryHandle[inputs.Length + outputs.Length];
        lifetimes = new MemoryPlan.Entry[internals.Length];
        offsets = new long[internals.Length];
        var read = operators.SelectMany(o => o.Inputs).ToHashSet();
        foreach (var value in values.All)
            if (value.IsConstant && read.Contains(value))
            {
                var handle = value.Constant.Pin();
                constants.Add(handle);
                value.Data = (byte*)handle.Pointer;
            }
        foreach (var op in operators)
            foreach (var value in op.Inputs)
                if (!value.IsConstant && !value.IsInput && !value.IsOutput && !written.Contains(value))
                    throw new ExecuTorchException(ErrorCode.Internal, $"{value} is read but never written");
    }

    public void Execute(KernelContext kernels, ReadOnlySpan<EValue> args) => Run(args, null);

    public void Execute(KernelContext context, ReadOnlySpan<EValue> args, Action<string, long, long> observer) => Run(args, observer);

    private void Run(ReadOnlySpan<EValue> args, Action<string, long, long>? observer)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Infer(args);
        BindMemory();
        foreach (var output in outputs)
            ResizeOutput(output, Argument(args, output));
        try
        {
            for (int i = 0; i < inputs.Length; i++)
                inputs[i].Data = Pin(i, inputs[i], Argument(args, inputs[i]));
            for (int i = 0; i < outputs.Length; i++)
                outputs[i].Data = Pin(inputs.Length + i, outputs[i], Argument(args, outputs[i]));
            foreach (var alias in aliases)
                alias.Data = alias.Root.Data;
            if (observer is null)
                foreach (var op in operators)
                    op.Execute(context);
            else
                Observe(observer);
        }
        finally
        {
            for (int i = 0; i < pins.Length; i++)
                pins[i].Dispose();
        }
        foreach (var output in outputs)
            if (Argument(args, output) is { Type: ScalarType.Long } wide)
                Widen(wide);
    }

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        constants.ForEach(c => c.Dispose());
        single.Dispose();
    }

    private void Observe(Action<string, long, long> observer)
    {
        names ??= [.. operators.Select((o, i) => $"{o.Kind} #{operators.Take(i + 1).Count(e => e.Kind == o.Kind)}")];
        for (int i = 0; i < operators.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            operators[i].Execute(context);
            observer(names[i], start, Stopwatch.GetTimestamp());
        }
    }

    private static Tensor Argument(ReadOnlySpan<EValue> args, XnnTensor value)
    {
        if (value.External >= args.Length)
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"external id {value.External} in a call with {args.Length} arguments");
        var slot = args[value.External];
        return slot.Tag == Tag.Tensor ? slot.AsTensor() : throw new ExecuTorchException(ErrorCode.InvalidArgument, $"argument {value.External} is {slot.Tag}, a tensor is needed");
    }

    private void Infer(ReadOnlySpan<EValue> args)
    {
        bool same = shaped;
        Span<int> sizes = stackalloc int[XnnTensor.MostRank];
        foreach (var input in inputs)
        {
            var tensor = Argument(args, input);
            int rank = tensor.Rank;
            if (rank > XnnTensor.MostRank)
                throw new ExecuTorchException(ErrorCode.InvalidArgument, $"argument {input.External} has {rank} dimensions, at most {XnnTensor.MostRank} are allowed");
            for (int d = 0; d < rank; d++)
                sizes[d] = tensor.Sizes[tensor.DimOrder[d]];
            if (same && input.Shape.SequenceEqual(sizes[..rank]))
                continue;
            same = false;
            input.SetShape(sizes[..rank]);
        }
        if (same)
            return;
        shaped = false;
        scratch = 0;
        foreach (var op in operators)
        {
            op.Reshape(context);
            scratch = Math.Max(scratch, op.ScratchBytes);
        }
        for (int i = 0; i < internals.Length; i++)
            lifetimes[i] = Lifetime(internals[i]);
        planned = MemoryPlan.Place(lifetimes, offsets);
        generation = -1;
        shaped = true;
    }

    // The delegates of a method run one after another, in the same memory.
    private void BindMemory()
    {
        byte* start;
        try
        {
            start = workspace.Take(planned + scratch);
        }
        catch (OutOfMemoryException e)
        {
            throw new ExecuTorchException(ErrorCode.MemoryAllocationFailed, $"the XNNPACK graph needs {planned + scratch} bytes", e);
        }
        if (generation == workspace.Generation)
            return;
        for (int i = 0; i < internals.Length; i++)
            internals[i].Data = start + offsets[i];
        foreach (var op in operators)
            op.Scratch = start + planned;
        generation = workspace.Generation;
    }

    private MemoryPlan.Entry Lifetime(XnnTensor value)
    {
        int first = operators.Length, last = 0;
        for (int i = 0; i < operators.Length; i++)
        {
            foreach (var output in operators[i].Outputs)
                if (output.Root == value)
                    (first, last) = (Math.Min(first, i), Math.Max(last, i));
            foreach (var input in operators[i].Inputs)
                if (input.Root == value)
                    last = Math.Max(last, i);
        }
        return new MemoryPlan.Entry(value.ByteLength, first, last);
    }

    private static void ResizeOutput(XnnTensor value, Tensor tensor)
    {
        int rank = value.Rank;
        if (tensor.Rank != rank)
            throw new ExecuTorchException(ErrorCode.Internal, $"output {value.External} has {rank} dimensions, the program's tensor {tensor.Rank}");
        Span<int> sizes = stackalloc int[XnnTensor.MostRank];
        for (int d = 0; d < rank; d++)
            sizes[tensor.DimOrder[d]] = value.Sizes[d];
        tensor.Resize(sizes[..rank]);
    }

    private byte* Pin(int slot, XnnTensor value, Tensor tensor)
    {
        if (tensor.Storage.Length < value.CodeBytes)
            throw new ExecuTorchException(ErrorCode.InvalidState, $"argument {value.External} has {tensor.Storage.Length} bytes of memory, {value.CodeBytes} are needed");
        pins[slot] = tensor.Storage.Pin();
        return (byte*)pins[slot].Pointer;
    }

    private static void Widen(Tensor tensor)
    {
        var wide = tensor.Span<long>();
        var narrow = MemoryMarshal.Cast<long, int>(wide);
        for (int i = wide.Length - 1; i >= 0; i--)
            wide[i] = narrow[i];
    }
}
