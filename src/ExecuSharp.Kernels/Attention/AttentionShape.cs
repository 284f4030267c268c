namespace ExecuSharp.Kernels.Attention;

/// <summary>Sizes of scaled dot-product attention. Positions of one head are <c>Stride</c> elements apart, heads <c>HeadStride</c>, images <c>BatchStride</c>.</summary>
/// <param name="Batch">Sequences.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyHeads">Key and value heads; divides <paramref name="Heads"/>.</param>
/// <param name="Queries">Query positions.</param>
/// <param name="Keys">Key positions that take part.</param>
/// <param name="HeadSize">Elements of a head.</param>
/// <param name="QueryLayout">Layout of queries and of the output.</param>
/// <param name="KeyLayout">Layout of keys and values.</param>
public readonly record struct AttentionShape(int Batch, int Heads, int KeyHeads, int Queries, int Keys, int HeadSize, AttentionLayout QueryLayout, AttentionLayout KeyLayout);
