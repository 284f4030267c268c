namespace ExecuSharp.Kernels.Attention;

/// <summary>Distances in elements.</summary>
/// <param name="BatchStride">Between sequences.</param>
/// <param name="HeadStride">Between heads.</param>
/// <param name="Stride">Between positions.</param>
public readonly record struct AttentionLayout(int BatchStride, int HeadStride, int Stride);
