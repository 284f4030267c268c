using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>What is added to attention scores: the mask input, the causal frontier, the window, and the padding after each sequence.</summary>
internal sealed class AttentionMask
{
    private readonly Aten a;
    private readonly long queries;
    private readonly long keys;
    private readonly ScalarType type;

    /// <param name="n">The node: attn_mask is input 3, nonpad_kv_seqlen input 6.</param>
    /// <param name="queries">Length of the queries.</param>
    /// <param name="keys">Length of the keys, those of the past included.</param>
    /// <param name="type">Element type of the scores.</param>
    /// <param name="past">Length of the past, or null without one.</param>
    public AttentionMask(OnnxNode n, long queries, long keys, ScalarType type, long? past)
    {
        (a, this.queries, this.keys, this.type) = (n.Aten, queries, keys, type);
        if (n.Opt(3) is { } mask)
            Add(FromInput(mask));
        var lengths = n.Opt(6) is { } l ? a.View(a.Cast(l, ScalarType.Long), l.Spec.MaxNumel, 1, 1, 1) : null;
        var offset = past is not null || lengths is null ? a.Number(past ?? 0, ScalarType.Long) : a.Sub(lengths, queries);
        // A query at position offset + i may see keys up to its own position, and from there back to the window's edge.
        var row = a.Add(a.View(Range(queries), queries, 1), offset);
        var column = a.View(Range(keys), 1, keys);
        if (n.Flag("is_causal"))
            AddAllowed(a.Le(column, row));
        if (n.Int("left_window_size", -1) is >= 0 and var left)
            AddAllowed(a.Le(a.Sub(row, column), left));
        if (n.Int("right_window_size", -1) is >= 0 and var right)
            AddAllowed(a.Le(a.Sub(column, row), right));
        if (lengths is not null)
            AddAllowed(a.Lt(a.View(Range(keys), 1, 1, 1, keys), lengths));
    }

    /// <summary>The sum, or null if there is nothing to add.</summary>
    public Value? Bias { get; private set; }

    /// <summary>False if every query is known to see a key.</summary>
    public bool MayHideRows { get; private set; }

    private Value Range(long count) => a.Constant(Aten.Indices(count));

    private Value FromInput(Value mask)
    {
        MayHideRows = true;
        bool boolean = mask.Spec.Type == ScalarType.Bool;
        var bias = boolean ? a.Where(mask, a.Number(0, type), a.Number(double.NegativeInfinity, type)) : a.Cast(mask, type);
        long missing = keys - bias.Spec.Sizes[^1].Value;
        if (missing <= 0)
            return bias;
        long[] none = new long[bias.Spec.Rank], after = [.. none];
        after[^1] = missing;
        return a.Pad(bias, none, after, double.NegativeInfinity);
    }

    private void AddAllowed(Value allowed)
    {
        var known = a.ConstantOf(allowed);
        MayHideRows |= known is null || HidesRow(known);
        Add(a.Where(allowed, a.Number(0, type), a.Number(double.NegativeInfinity, type)));
    }

    private bool HidesRow(Tensor allowed)
    {
        var cells = allowed.Span<byte>();
        for (int row = 0; row < cells.Length; row += (int)keys)
            if (!cells.Slice(row, (int)keys).Contains((byte)1))
                return true;
        return false;
    }

    private void Add(Value bias) => Bias = Bias is null ? bias : a.Add(Bias, bias);
}
