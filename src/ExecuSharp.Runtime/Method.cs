using System.Diagnostics;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Kernels;
using ExecuSharp.Runtime.Backends;
using ExecuSharp.Runtime.Execution;

namespace ExecuSharp.Runtime;

/// <summary>
/// A loaded method with its memory. State (mutable buffers) lives here and is kept between executions.
/// </summary>
/// <remarks>
/// Belongs to one thread at a time: while it executes, another <see cref="Execute(CancellationToken)"/> is refused with InvalidState, and setting
/// inputs or reading outputs from elsewhere gives undefined values. Several methods of one program may execute at once. May be disposed from
/// any thread; an execution under way ends first. After that, every member that works on values throws <see cref="ObjectDisposedException"/>.
/// </remarks>
/// <example><code>
/// method.SetInput(0, input);
/// method.Execute();
/// var output = method.GetOutput(0).AsTensor();
/// </code></example>
public sealed class Method : IDisposable
{
    private readonly Program program;
    private readonly EValue[] values;
    private readonly Step[][] chains;
    private readonly List<IDelegate> delegates;
    private readonly bool[] inputSet;
    private readonly byte[]?[] ownInputs;
    private readonly UseCount use;
    private int executing;

    internal Method(Program program, PteMethod records, KernelContext context, EValue[] values, Step[][] chains, List<IDelegate> delegates)
    {
        this.program = program;
        this.values = values;
        this.chains = chains;
        this.delegates = delegates;
        Records = records;
        Context = context;
        inputSet = new bool[records.Inputs.Count];
        ownInputs = new byte[records.Inputs.Count][];
        use = new UseCount(Free);
    }

    /// <summary>The method's tables.</summary>
    public PteMethod Records { get; }

    /// <summary>Name.</summary>
    public string Name => Records.Name;

    /// <summary>Number of inputs.</summary>
    public int InputCount => Records.Inputs.Count;

    /// <summary>Number of outputs.</summary>
    public int OutputCount => Records.Outputs.Count;

    /// <summary>Sees every instruction; null (the default) costs nothing.</summary>
    public MethodObserver? Observer { get; set; }

    internal KernelContext Context { get; }

    /// <summary>All value slots, for tools.</summary>
    public ReadOnlySpan<EValue> Values => values;

    /// <summary>The slot of an input: its type, and for a tensor its upper-bound sizes.</summary>
    public EValue GetInput(int index) => values[Records.Inputs[CheckInput(index)]];

    /// <summary>An output; valid until the next execution, or until method or program are disposed.</summary>
    /// <exception cref="ExecuTorchException">InvalidArgument: no such output.</exception>
    public EValue GetOutput(int index)
    {
        ObjectDisposedException.ThrowIf(use.IsClosed, this);
        return (uint)index < (uint)OutputCount
            ? values[Records.Outputs[index]]
            : throw new ExecuTorchException(ErrorCode.InvalidArgument, $"output {index} of {OutputCount}");
    }

    /// <summary>The elements of a tensor output in memory order; valid as long as <see cref="GetOutput(int)"/>.</summary>
    /// <exception cref="ExecuTorchException">InvalidArgument: no such output, no tensor, or another element type.</exception>
    public ReadOnlySpan<T> GetOutput<T>(int index) where T : unmanaged => OutputTensor<T>(index).Span<T>();

    /// <summary>Sets a tensor input: copied where the plan has memory for it, else borrowed until the next call.</summary>
    /// <param name="index">Position.</param>
    /// <param name="input">Element type and rank of the program's input; sizes equal, or within the bound of a dynamic one. The bytes are taken in memory order.</param>
    /// <exception cref="ExecuTorchException">InvalidArgument: another type; NotSupported: another rank or size.</exception>
    public void SetInput(int index, Tensor input)
    {
        var target = TensorInput(index, input.Type);
        Resize(target, input.Sizes, index);
        if (IsPlanned(index))
            input.Bytes.CopyTo(target.Bytes);
        else
            target.Storage = input.Storage;
        inputSet[index] = true;
    }

    /// <summary>Sets a tensor input from values in the dim order of the program.</summary>
    /// <param name="index">Position.</param>
    /// <param name="data">Elements.</param>
    /// <param name="sizes">Sizes; empty for those that the input has now.</param>
    /// <exception cref="ExecuTorchException">InvalidArgument: another type, or not as many values as sizes say; NotSupported: another rank or size.</exception>
    public void SetInput<T>(int index, ReadOnlySpan<T> data, params ReadOnlySpan<int> sizes) where T : unmanaged
    {
        var target = TensorInput(index, Tensor.TypeOf<T>());
        if (sizes.Length > 0)
            Resize(target, sizes, index);
        if (target.Numel != data.Length)
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"input {index} needs {target.Numel} values for sizes {Tensor.Format(target.Sizes)}, {data.Length} were given");
        Own(target, index);
        data.CopyTo(target.Span<T>());
    }

    /// <summary>A tensor input of these sizes with memory, whose elements the caller writes.</summary>
    internal Tensor PrepareInput<T>(int index, ReadOnlySpan<int> sizes) where T : unmanaged
    {
        var target = TensorInput(index, Tensor.TypeOf<T>());
        Resize(target, sizes, index);
        Own(target, index);
        return target;
    }

    internal Tensor OutputTensor<T>(int index) where T : unmanaged
    {
        if (GetOutput(index) is not { Tag: Tag.Tensor } slot)
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"output {index} is {GetOutput(index).Tag}, no tensor");
        var tensor = slot.AsTensor();
        return tensor.Type == Tensor.TypeOf<T>() ? tensor : throw new ExecuTorchException(ErrorCode.InvalidArgument, $"output {index} is {tensor.Type.Name()}, {Tensor.TypeOf<T>().Name()} was asked for");
    }

    /// <summary>Sets an input of any kind. Numbers are fixed at export: another value is refused (a float may differ by 1e-4 + 1e-5·|value|).</summary>
    /// <exception cref="ExecuTorchException">InvalidArgument: another kind or value.</exception>
    public void SetInput(int index, EValue input)
    {
        var slot = values[Records.Inputs[CheckInput(index)]];
        if (input.Tag == Tag.Tensor && slot.Tag == Tag.Tensor)
        {
            SetInput(index, input.AsTensor());
            return;
        }
        bool same = slot.Tag == input.Tag && slot.Tag switch
        {
            Tag.None => true,
            Tag.Int => slot.AsInt() == input.AsInt(),
            Tag.Bool => slot.AsBool() == input.AsBool(),
            Tag.Double => Math.Abs(slot.AsDouble() - input.AsDouble()) <= 1e-4 + (1e-5 * Math.Abs(slot.AsDouble())) || slot.AsDouble().Equals(input.AsDouble()),
            Tag.String => slot.AsString() == input.AsString(),
            _ => false,
        };
        if (!same)
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"input {index} is fixed at {slot} in the program, {input} was given");
        inputSet[index] = true;
    }

    /// <summary>Gives an unplanned tensor output memory of the caller.</summary>
    /// <exception cref="ExecuTorchException">InvalidState: the output is planned; InvalidArgument: no tensor, or too little memory.</exception>
    public void SetOutputMemory(int index, Memory<byte> memory)
    {
        if (GetOutput(index) is not { Tag: Tag.Tensor } slot)
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"output {index} is no tensor");
        if (Records.Values[Records.Outputs[index]] is PteTensor { Allocation: not null } or PteTensor { DataBufferIndex: > 0 })
            throw new ExecuTorchException(ErrorCode.InvalidState, $"output {index} has planned memory");
        var tensor = slot.AsTensor();
        if (memory.Length < tensor.MaxNumel * tensor.Type.SizeOf())
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"output {index} needs {tensor.MaxNumel * tensor.Type.SizeOf()} bytes, {memory.Length} were given");
        tensor.Storage = memory;
    }

    /// <summary>Runs the method. Allocates nothing once each kernel has run, on any number of threads.</summary>
    /// <param name="cancellation">Looked at before each instruction. After cancellation, set all inputs again: their memory may be in use for other values.</param>
    /// <exception cref="ExecuTorchException">An input is not set, or a kernel fails; the code is that of the official runtime.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">Method or program were disposed.</exception>
    public void Execute(CancellationToken cancellation = default)
    {
        use.Enter(this);
        try
        {
            program.Enter();
            try
            {
                Run(cancellation);
            }
            finally
            {
                program.Exit();
            }
        }
        finally
        {
            use.Exit();
        }
    }

    /// <summary>Sets all inputs, runs, and returns all outputs, which are valid until the next execution.</summary>
    /// <exception cref="ExecuTorchException">InvalidArgument: another number of inputs.</exception>
    public EValue[] Execute(IReadOnlyList<EValue> inputs, CancellationToken cancellation = default)
    {
        if (inputs.Count != InputCount)
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"{Name} takes {InputCount} inputs, {inputs.Count} were given");
        for (int i = 0; i < inputs.Count; i++)
            SetInput(i, inputs[i]);
        Execute(cancellation);
        var outputs = new EValue[OutputCount];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = GetOutput(i);
        return outputs;
    }

    /// <summary>Frees what the delegates hold, once an execution under way has ended.</summary>
    public void Dispose() => use.Close();

    private void Free() => delegates.ForEach(d => d.Dispose());

    private void Run(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref executing, 1) != 0)
            throw new ExecuTorchException(ErrorCode.InvalidState, $"{Name} is being executed by another thread; load the method once for each thread");
        try
        {
            for (int i = 0; i < inputSet.Length; i++)
                if (!inputSet[i])
                    throw new ExecuTorchException(ErrorCode.InvalidArgument, $"input {i} of {Name} is not set");
            if (Observer is { } observer)
                Observe(observer, cancellation);
            else
                Interpreter.Run(chains, values, Records, Context, program.Options.MaxInstructions, null, cancellation);
        }
        finally
        {
            Volatile.Write(ref executing, 0);
        }
    }

    private void Observe(MethodObserver observer, CancellationToken cancellation)
    {
        observer.OnExecuting(Records);
        long start = Stopwatch.GetTimestamp();
        try
        {
            Interpreter.Run(chains, values, Records, Context, program.Options.MaxInstructions, observer, cancellation);
        }
        finally
        {
            observer.OnExecuted(Records, start, Stopwatch.GetTimestamp());
        }
    }

    private int CheckInput(int index)
    {
        ObjectDisposedException.ThrowIf(use.IsClosed, this);
        return (uint)index < (uint)InputCount
            ? index
            : throw new ExecuTorchException(ErrorCode.InvalidArgument, $"input {index} of {InputCount}");
    }

    private void Own(Tensor target, int index)
    {
        if (!IsPlanned(index))
            target.Storage = ownInputs[index] ??= new byte[target.MaxNumel * target.Type.SizeOf()];
        inputSet[index] = true;
    }

    private bool IsPlanned(int index) => Records.Values[Records.Inputs[index]] is PteTensor { Allocation: not null } or PteTensor { DataBufferIndex: > 0 };

    private Tensor TensorInput(int index, ScalarType type)
    {
        var slot = values[Records.Inputs[CheckInput(index)]];
        if (slot.Tag != Tag.Tensor)
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"input {index} is {slot.Tag} in the program, a tensor was given");
        var target = slot.AsTensor();
        if (target.Type != type)
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"input {index} must be {target.Type.Name()}, {type.Name()} was given");
        return target;
    }

    private static void Resize(Tensor target, ReadOnlySpan<int> sizes, int index)
    {
        try
        {
            target.Resize(sizes);
        }
        catch (ExecuTorchException e)
        {
            throw new ExecuTorchException(e.Code, $"input {index}: {e.Detail}", e);
        }
    }
}
