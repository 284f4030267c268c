using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Tests.RandomGraphs;

/// <summary>The values of a graph in the making, with a bound of their magnitude, so that no value grows without end.</summary>
internal sealed class ValuePool(Random random, Dim? rows)
{
    private const double MaxBound = 8;
    private const int MaxElements = 2048, MaxRank = 5, MaxOutputs = 6;

    private readonly List<Value> values = [];
    private readonly Dictionary<Value, double> bounds = [];
    private readonly HashSet<Value> exact = [];
    private readonly HashSet<Value> used = [];
    private readonly List<Value> numbers = [];

    public Random Random => random;

    /// <summary>The dynamic size, or null.</summary>
    public Dim? Rows => rows;

    public GraphBuilder Builder { get; } = new("forward");

    public IGraphBuilder B => Builder;

    public void AddInput(int[] sizes)
    {
        Dim[] dims = [.. sizes.Select(s => (Dim)s)];
        if (rows is { } r)
            dims[0] = r;
        Add(Builder.Input("x", new TensorSpec(ScalarType.Float, dims)), 2, isExact: true);
    }

    public Value AddBuffer(int[] sizes)
    {
        var buffer = Builder.Buffer(RandomGraph.Floats(random, sizes), "state");
        Add(buffer, MaxBound);
        return buffer;
    }

    /// <summary>A value may be used from now on. What may be larger than the bound of all is made smaller first.</summary>
    /// <param name="value">The value.</param>
    /// <param name="bound">No element is larger.</param>
    /// <param name="isExact">Its elements are the inputs' own, so that comparing them has one answer.</param>
    public void Add(Value value, double bound, bool isExact = false)
    {
        if (value.Spec.MaxNumel is 0 or > MaxElements || value.Spec.Rank > MaxRank)
            return;
        if (bound > MaxBound)
        {
            used.Add(value);
            (value, bound) = random.Next(3) switch
            {
                0 => (B.Call("aten::tanh", value), 1),
                1 => (B.Call("aten::clamp", value, -MaxBound, MaxBound), MaxBound),
                _ => (B.Call("aten::mul.Scalar", value, 1 / bound), 1),
            };
        }
        values.Add(value);
        bounds[value] = bound;
        if (isExact)
            exact.Add(value);
    }

    /// <summary>Integers that depend on the inputs: an output, no operand.</summary>
    public void AddNumbers(Value value) => numbers.Add(value);

    /// <summary>A value, the newest more likely; null if none fits.</summary>
    public Value? Pick(Func<Value, bool> fits)
    {
        var candidates = values.Where(fits).ToList();
        if (candidates.Count == 0)
            return null;
        var value = candidates[Math.Max(random.Next(candidates.Count), random.Next(candidates.Count))];
        used.Add(value);
        return value;
    }

    public double Bound(Value value) => bounds[value];

    public bool IsExact(Value value) => exact.Contains(value);

    /// <summary>A constant of numbers between -2 and 2, times a factor.</summary>
    public Value Constant(double factor, params int[] sizes)
    {
        var tensor = RandomGraph.Floats(random, sizes);
        foreach (ref float x in tensor.Span<float>())
            x = (float)(x * factor);
        return Builder.Constant(tensor, "weight");
    }

    /// <summary>A constant of numbers between 0.5 and 2.</summary>
    public Value Positive(params int[] sizes)
    {
        var tensor = Tensor.Empty(ScalarType.Float, sizes);
        foreach (ref float x in tensor.Span<float>())
            x = 0.5f + (1.5f * random.NextSingle());
        return Builder.Constant(tensor, "scale");
    }

    /// <summary>A dimension with a fixed size, or -1.</summary>
    public int StaticDim(Value value)
    {
        int[] dims = [.. Enumerable.Range(0, value.Spec.Rank).Where(d => value.Spec.Sizes[d].IsStatic)];
        return dims.Length == 0 ? -1 : dims[random.Next(dims.Length)];
    }

    /// <summary>Gives the graph its outputs: what nobody uses, some of what is used, at times an input, a constant or the same value twice.</summary>
    public void Finish(Value? buffer)
    {
        if (buffer is not null && Pick(v => v.Spec.Equals(buffer.Spec)) is { } content)
            Builder.Mutate(buffer, content);
        var made = values.Skip(Builder.Nodes.Count == 0 ? 0 : 1).Where(v => !used.Contains(v) || random.Next(10) == 0).Reverse().Take(MaxOutputs).ToList();
        if (made.Count == 0)
            made.Add(values[^1]);
        if (random.Next(12) == 0)
            made.Add(values[random.Next(values.Count)]);
        if (random.Next(20) == 0)
            made.Add(Constant(1, 2, 3));
        foreach (var value in made.Concat(numbers))
            Builder.Output(value, value.Name);
    }
}
