using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Functional;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.TorchScript.Values;

/// <summary>What one symbolic execution shares.</summary>
internal sealed class ScriptContext
{
    private const long MaxSteps = 2_000_000;

    private readonly Dictionary<Value, Value> sources = new(ReferenceEqualityComparer.Instance);
    private long steps;

    public ScriptContext(GraphBuilder root)
    {
        Builder = new ScopedBuilder(root, OperatorTable.Default);
        Functional = new Functionalizer(Builder, OperatorTable.Default);
    }

    public ScopedBuilder Builder { get; }

    /// <summary>Operators that the table does not have, where the program calls them.</summary>
    public List<UnsupportedItem> Problems { get; } = [];

    public Functionalizer Functional { get; }

    /// <summary>Counts work; unrolled loops are bounded by it.</summary>
    /// <exception cref="InvalidOperationException">The program does not end.</exception>
    public void Step()
    {
        if (++steps > MaxSteps)
            throw new InvalidOperationException($"the program takes more than {MaxSteps} steps when its loops are unrolled");
    }

    public Value Read(ScriptValue.Tensor tensor) => Functional.Read(tensor.Handle);

    public TensorSpec Spec(ScriptValue.Tensor tensor) => Read(tensor).Spec;

    public static ScriptValue.Tensor Own(Value value) => new(Functionalizer.Own(value));

    /// <summary>A run-time number, or the literal that it stands for.</summary>
    public static ScriptValue Number(Argument number) =>
        new ScriptValue.Literal(number.IsValue && number.AsValue().Size is { IsStatic: true } size ? size.Value : number);

    /// <summary>The size of a dimension.</summary>
    public ScriptValue Size(ScriptValue.Tensor tensor, long dim)
    {
        var value = Read(tensor);
        int rank = value.Spec.Rank;
        if (dim < -rank || dim >= rank)
            throw new InvalidOperationException($"dimension {dim} of a tensor {value.Spec}");
        return Number(((IGraphBuilder)Builder).SizeOf(value, (int)dim));
    }

    /// <summary>The single element of a tensor, as a literal if it is known.</summary>
    public Argument Item(ScriptValue.Tensor tensor)
    {
        if (tensor.Number is { } number)
            return number;
        var value = Read(tensor);
        if (value.Spec.MaxNumel != 1)
            throw new InvalidOperationException($"a tensor {value.Spec} is used as a number");
        if (Builder.ConstantOf(value) is { } constant)
            return Literal(constant);
        var element = Builder.CallMany("aten::_local_scalar_dense", value)[0];
        if (value.Spec.Rank == 0)
            sources[element] = value;
        return element;
    }

    /// <summary>The tensor of no dimensions that a run-time number was read from, or null.</summary>
    public Value? Source(Value number) => sources.GetValueOrDefault(number);

    private static Argument Literal(Tensor tensor) => tensor.Type switch
    {
        ScalarType.Bool => tensor.Bytes[0] != 0,
        ScalarType.Byte => (long)tensor.Bytes[0],
        ScalarType.Char => (long)(sbyte)tensor.Bytes[0],
        ScalarType.Short => (long)tensor.Span<short>()[0],
        ScalarType.Int => (long)tensor.Span<int>()[0],
        ScalarType.Long => tensor.Span<long>()[0],
        ScalarType.Half => (double)tensor.Span<Half>()[0],
        ScalarType.BFloat16 => (double)(float)tensor.Span<BFloat16>()[0],
        ScalarType.Float => (double)tensor.Span<float>()[0],
        ScalarType.Double => tensor.Span<double>()[0],
        _ => throw new InvalidOperationException($"a number of type {tensor.Type.Name()}"),
    };
}
