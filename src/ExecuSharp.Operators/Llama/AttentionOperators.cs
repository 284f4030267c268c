using ExecuSharp.Core;
using ExecuSharp.Kernels.Attention;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Llama;

/// <summary>Attention over a cache of keys and values. Tensors are [batch, positions, heads, head size].</summary>
internal static class AttentionOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("llama::custom_sdpa(Tensor query, Tensor key, Tensor value, SymInt start_pos, Tensor? attn_mask=None, float drpout_p=0., bool is_causal=False, float? scale=None) -> Tensor")
        {
            OutName = "llama::custom_sdpa.out",
            Kernel = (in KernelArgs args) => Attend(args, args.Tensor(1), args.Tensor(2), 3, args.Tensor(8), positionsFirst: true),
            Shape = Specs.SameAsFirst,
        },
        new("llama::custom_quantized_sdpa(Tensor query, Tensor key, Tensor value, SymInt start_pos, Tensor? attn_mask=None, float drpout_p=0., bool is_causal=False, float? scale=None, Tensor? q_zero_points=None, Tensor? q_scales=None, Tensor? k_zero_points=None, Tensor? k_scales=None, Tensor? v_zero_points=None, Tensor? v_scales=None, bool is_seq_at_dim_2=False) -> Tensor")
        {
            OutName = "llama::custom_quantized_sdpa.out",
            Kernel = Quantized,
            Shape = args => [args[0].AsSpec() with { Type = ScalarType.Float }],
        },
        new("llama::sdpa_with_kv_cache(Tensor query, Tensor key, Tensor value, Tensor(a!) key_cache, Tensor(b!) value_cache, SymInt start_pos, SymInt seq_len, Tensor? attn_mask=None, float drpout_p=0., bool is_causal=False, float? scale=None) -> Tensor")
        {
            OutName = "llama::sdpa_with_kv_cache.out",
            Kernel = WithCache,
            Shape = Specs.SameAsFirst,
            IsPure = false,
        },
    ];

    private static void WithCache(in KernelArgs args)
    {
        Tensor keys = args.Tensor(3), values = args.Tensor(4);
        long start = args.Int(5), length = args.Int(6);
        CacheOperators.Check(args.Tensor(1), keys, start, length);
        CacheOperators.Check(args.Tensor(2), values, start, length);
        CacheOperators.Write(args.Tensor(1), keys, start);
        CacheOperators.Write(args.Tensor(2), values, start);
        Attend(args, keys, values, 5, args.Tensor(11), positionsFirst: true, skip: 1);
    }

    private static void Quantized(in KernelArgs args)
    {
        bool positionsFirst = !args.Bool(14);
        if (args.Tensor(0).Type != ScalarType.Char)
        {
            Attend(args, args.Tensor(1), args.Tensor(2), 3, args.Tensor(15), positionsFirst);
            return;
        }
        KernelChecks.SameType(args.Tensor(0), args.Tensor(1));
        using Scratch<float> query = new((int)args.Tensor(0).Numel), key = new((int)args.Tensor(1).Numel), value = new((int)args.Tensor(2).Numel);
        Dequantize(args.Tensor(1), args.OptionalTensor(10), args.OptionalTensor(11), key.Span);
        Dequantize(args.Tensor(2), args.OptionalTensor(12), args.OptionalTensor(13), value.Span);
        Dequantize(args.Tensor(0), args.OptionalTensor(8), args.OptionalTensor(9), query.Span);
        var call = Prepare(args, args.Tensor(1), args.Tensor(2), 3, args.Tensor(15), positionsFirst, 0);
        if (args.Tensor(15).Numel > 0)
            Run(args, call, query.Span, key.Span, value.Span, args.Tensor(15));
    }

    private static void Dequantize(Tensor t, Tensor? zeroPoints, Tensor? scales, Span<float> to)
    {
        KernelChecks.Require(zeroPoints is not null && scales is not null, "quantized tensors need scales and zero points");
        KernelChecks.Require(t.Type == ScalarType.Char && zeroPoints.Type == ScalarType.Char && scales.Type == ScalarType.Float, $"{t} with zero points {zeroPoints} and scales {scales}");
        KernelChecks.Require(t.Rank == 4 && zeroPoints.Rank == 4 && scales.Rank == 4 && t.Sizes[..3].SequenceEqual(zeroPoints.Sizes[..3]) && t.Sizes[..3].SequenceEqual(scales.Sizes[..3]), $"{t} with zero points {zeroPoints} and scales {scales}");
        var from = t.Span<sbyte>();
        var zeros = zeroPoints.Span<sbyte>();
        var factors = scales.Span<float>();
        int size = t.Sizes[3], step = zeroPoints.Sizes[3];
        for (int i = 0; i < to.Length; i++)
            to[i] = (from[i] - zeros[i / size * step]) * factors[i / size * step];
    }

    private static void Attend(in KernelArgs args, Tensor key, Tensor value, int first, Tensor output, bool positionsFirst, int skip = 0)
    {
        var query = args.Tensor(0);
        KernelChecks.Require(query.Type is ScalarType.Float or ScalarType.Half or ScalarType.BFloat16, $"no kernel for elements of type {query.Type.Name()}");
        var call = Prepare(args, key, value, first, output, positionsFirst, skip);
        if (output.Numel == 0)
            return;
        var context = args.Context;
        Values<float> q = Values<float>.Of(context, query), k = Values<float>.Of(context, key), v = Values<float>.Of(context, value);
        Run(args, call, q.Span, k.Span, v.Span, output);
        q.Release();
        k.Release();
        v.Release();
    }

    private static void Run(in KernelArgs args, in Call call, ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, Tensor output)
    {
        var result = Values<float>.For(args.Context, output);
        ScaledDotProduct.Run(args.Context, call.Shape, query, key, value, call.Mask is null ? default : call.Mask.Span<float>(), call.Start, call.Scale, result.Span);
        result.Store(args.Context);
    }

    // start_pos is at 'first', after it attn_mask (behind 'skip' others), dropout, is_causal and scale.
    private static Call Prepare(in KernelArgs args, Tensor key, Tensor value, int first, Tensor output, bool positionsFirst, int skip)
    {
        var query = args.Tensor(0);
        var mask = args.OptionalTensor(first + skip + 1);
        bool causal = args.Bool(first + skip + 3);
        long start = args.Int(first);
        Check(query, key, value, mask, causal);
        int position = positionsFirst ? 1 : 2, head = positionsFirst ? 2 : 1;
        int queries = query.Sizes[position], keys = value.Sizes[position], heads = query.Sizes[head], keyHeads = key.Sizes[head], size = query.Sizes[3];
        KernelChecks.ResizeOut(output, query.Sizes);
        if (mask is null && start + queries > 0)
        {
            KernelChecks.Require(start + queries <= keys, $"{start + queries} of {keys} keys");
            keys = (int)(start + queries);
        }
        KernelChecks.Require(keyHeads > 0 && heads % keyHeads == 0 && key.Sizes[0] == query.Sizes[0] && key.Sizes.SequenceEqual(value.Sizes), $"query {query}, key {key}, value {value}");
        KernelChecks.Require(mask is null || mask.Numel == 0 || (mask.Sizes[0] == queries && mask.Sizes[1] == keys), $"a mask {mask} for {queries} queries and {keys} keys");
        var shape = new AttentionShape(query.Sizes[0], heads, keyHeads, queries, keys, size, Layout(query, position, head), Layout(key, position, head));
        return new Call(shape, mask, causal ? start : null, (float)(args.OptionalDouble(first + skip + 4) ?? 1 / Math.Sqrt(size)));
    }

    private static AttentionLayout Layout(Tensor t, int position, int head) => new(t.Strides[0], t.Strides[head], t.Strides[position]);

    private static void Check(Tensor query, Tensor key, Tensor value, Tensor? mask, bool causal)
    {
        KernelChecks.Require(mask is null || !causal, "a mask and causal attention exclude each other");
        KernelChecks.Require(query.Rank == 4 && key.Rank == 4 && value.Rank == 4, "four dimensions are needed");
        KernelChecks.Require(query.Sizes[3] == value.Sizes[3] && key.Sizes[3] == value.Sizes[3], $"query {query}, key {key}, value {value}");
        KernelChecks.SameType(query, key);
        KernelChecks.SameType(query, value);
        KernelChecks.ContiguousOrder(query);
        KernelChecks.ContiguousOrder(key);
        KernelChecks.ContiguousOrder(value);
        if (mask is null)
            return;
        KernelChecks.Require(mask.Rank == 2 && mask.Type == ScalarType.Float, $"a mask {mask}");
        KernelChecks.ContiguousOrder(mask);
    }

    /// <summary>A checked call.</summary>
    /// <param name="Shape">Sizes.</param>
    /// <param name="Mask">Added to the scores, or null.</param>
    /// <param name="Start">Position of the first query, for causal attention.</param>
    /// <param name="Scale">Factor of the scores.</param>
    private readonly record struct Call(AttentionShape Shape, Tensor? Mask, long? Start, float Scale);
}
