namespace ExecuSharp.Formats.Pt2;

/// <summary>How nested inputs or outputs are flattened (torch.utils._pytree TreeSpec).</summary>
/// <param name="Type">The container: <c>builtins.tuple</c>, <c>builtins.dict</c>, …; null for a leaf.</param>
/// <param name="Context">JSON text that goes with it, such as the keys of a dictionary; null for a leaf.</param>
/// <param name="Children">The parts in order.</param>
public sealed record Pt2TreeSpec(string? Type, string? Context, IReadOnlyList<Pt2TreeSpec> Children)
{
    /// <summary>Number of leaves.</summary>
    public int LeafCount => Type is null ? 1 : Children.Sum(c => c.LeafCount);
}
