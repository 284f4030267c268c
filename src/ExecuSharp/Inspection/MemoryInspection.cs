using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Inspection;

/// <summary>The memory plan of a method. Lifetimes follow the order of the instructions; jumps back keep what they cross alive to their end.</summary>
/// <param name="Arenas">Blocks of memory.</param>
/// <param name="Tensors">Planned tensors by arena, first use and offset.</param>
public sealed record MemoryInspection(IReadOnlyList<ArenaInspection> Arenas, IReadOnlyList<PlannedTensor> Tensors)
{
    /// <summary>Bytes of all arenas.</summary>
    public ulong PlannedBytes => Arenas.Aggregate(0ul, (n, a) => n + a.PlannedBytes);

    /// <summary>The lower bound of all arenas.</summary>
    public ulong LiveBytes => Arenas.Aggregate(0ul, (n, a) => n + a.LiveBytes);

    /// <summary>Planned bytes above the lower bound.</summary>
    public ulong WasteBytes => Arenas.Aggregate(0ul, (n, a) => n + a.WasteBytes);

    internal static MemoryInspection Of(PteMethod method)
    {
        var lifetimes = new TensorLifetimes(method);
        List<PlannedTensor> tensors = [];
        for (int i = 0; i < method.Values.Count; i++)
            if (method.Values[i] is PteTensor { Allocation: { } place } t)
            {
                ulong bytes = t.Sizes.Aggregate((ulong)t.Type.SizeOf(), (n, s) => unchecked(n * (ulong)s));
                var (first, last) = lifetimes[i];
                tensors.Add(new PlannedTensor(i, $"{t.Type.Name()}[{string.Join(", ", t.Sizes)}]", place.MemoryId, place.Offset, bytes, first, last));
            }
        tensors = [.. tensors.OrderBy(t => t.Arena).ThenBy(t => t.First).ThenBy(t => t.Offset)];
        return new MemoryInspection([.. method.MemorySizes.Select((size, i) => Arena(i, size, tensors)).Skip(1)], tensors);
    }

    private static ArenaInspection Arena(int index, long size, List<PlannedTensor> tensors)
    {
        ulong most = 0;
        int at = 0;
        var alive = new List<PlannedTensor>();
        foreach (var start in tensors.Where(t => t.Arena == index && t.Last >= 0).GroupBy(t => t.First))
        {
            alive.RemoveAll(t => t.Last < start.Key);
            alive.AddRange(start);
            ulong bytes = Union(alive);
            if (bytes > most)
                (most, at) = (bytes, start.Key);
        }
        return new ArenaInspection(index, (ulong)size, most, at);
    }

    private static ulong Union(List<PlannedTensor> tensors)
    {
        tensors.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        ulong total = 0, end = 0;
        foreach (var t in tensors)
        {
            ulong last = unchecked(t.Offset + t.Bytes);
            if (last <= end)
                continue;
            total += last - Math.Max(t.Offset, end);
            end = last;
        }
        return total;
    }
}
