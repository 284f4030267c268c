using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Llama;

/// <summary>Writing of new positions into a cache [batch, positions, heads, head size]. The operators' own output stays as it is; the cache is the result.</summary>
internal static class CacheOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("llama::update_cache(Tensor value, Tensor(a!) cache, SymInt start_pos) -> Tensor")
        {
            OutName = "llama::update_cache.out",
            Kernel = Update,
            Shape = args => [new TensorSpec(args[0].AsSpec().Type, 1)],
            IsPure = false,
        },
        new("llama::update_cache_with_indices(Tensor value, Tensor(a!) cache, SymInt start_pos, Tensor indices) -> Tensor")
        {
            OutName = "llama::update_cache_with_indices.out",
            Kernel = UpdateWithIndices,
            Shape = args => [new TensorSpec(args[0].AsSpec().Type, 1)],
            IsPure = false,
        },
    ];

    /// <summary>Refuses values that do not fit the cache at a position.</summary>
    public static void Check(Tensor value, Tensor cache, long start, long length)
    {
        CheckShapes(value, cache);
        KernelChecks.Require(start >= 0 && start < cache.Sizes[1] && length <= cache.Sizes[1] - start && value.Sizes[1] <= cache.Sizes[1] - start, $"{length} positions from {start} in a cache of {cache.Sizes[1]}");
    }

    /// <summary>Copies all positions of the value.</summary>
    public static void Write(Tensor value, Tensor cache, long start)
    {
        if (value.Numel == 0)
            return;
        int size = value.Type.SizeOf(), length = (int)(value.Numel / value.Sizes[0]) * size;
        for (int i = 0; i < value.Sizes[0]; i++)
            value.Bytes.Slice(i * length, length).CopyTo(cache.Bytes[(((i * cache.Strides[0]) + ((int)start * cache.Strides[1])) * size)..]);
    }

    private static void Update(in KernelArgs args)
    {
        Tensor value = args.Tensor(0), cache = args.Tensor(1);
        KernelChecks.Require(value.Rank == 4, $"a value {value}");
        Check(value, cache, args.Int(2), value.Sizes[1]);
        Write(value, cache, args.Int(2));
    }

    private static void UpdateWithIndices(in KernelArgs args)
    {
        Tensor value = args.Tensor(0), cache = args.Tensor(1), indices = args.Tensor(3);
        CheckShapes(value, cache);
        KernelChecks.Require(indices.Type == ScalarType.Long && indices.Rank == 2 && indices.Sizes[0] == value.Sizes[0] && indices.Sizes[1] == value.Sizes[1], $"indices {indices} for {value}");
        KernelChecks.ContiguousOrder(indices);
        var places = indices.Span<long>();
        foreach (long place in places)
            KernelChecks.Require(place >= 0 && place < cache.Sizes[1], $"position {place} in a cache of {cache.Sizes[1]}");
        int size = value.Type.SizeOf(), length = value.Strides[1] * size;
        for (int i = 0; i < places.Length; i++)
        {
            int batch = i / value.Sizes[1];
            value.Bytes.Slice(i * length, length).CopyTo(cache.Bytes[(((batch * cache.Strides[0]) + ((int)places[i] * cache.Strides[1])) * size)..]);
        }
    }

    private static void CheckShapes(Tensor value, Tensor cache)
    {
        KernelChecks.Require(value.Rank == 4 && cache.Rank == 4, $"a value {value} for a cache {cache}");
        KernelChecks.ContiguousOrder(cache);
        KernelChecks.ContiguousOrder(value);
        KernelChecks.Require(value.Sizes[0] == cache.Sizes[0] && value.Sizes[2..].SequenceEqual(cache.Sizes[2..]) && value.Type.SizeOf() == cache.Type.SizeOf(), $"a value {value} for a cache {cache}");
    }
}
