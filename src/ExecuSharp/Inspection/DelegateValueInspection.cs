using System.Globalization;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Inspection;

/// <summary>A value that a delegate's node reads or writes.</summary>
/// <param name="Id">Its number in the payload.</param>
/// <param name="Type">Element type in the payload's terms: <c>Fp32</c>, <c>QCInt8</c>.</param>
/// <param name="Sizes">Declared sizes; upper bounds or hints, except for constants.</param>
/// <param name="Quantization">How codes stand for numbers, or null.</param>
/// <param name="ConstantBytes">Bytes of a constant, or null.</param>
public sealed record DelegateValueInspection(uint Id, string Type, IReadOnlyList<uint> Sizes, string? Quantization, ulong? ConstantBytes)
{
    internal static DelegateValueInspection Of(XnnValue value, XnnGraph graph) => new(
        value.Id, value.Datatype.ToString(), value.Dims, Describe(value.Quantization),
        value.ConstantIndex > 0 && value.ConstantIndex < graph.Constants.Count ? graph.Constants[(int)value.ConstantIndex].Size : null);

    /// <inheritdoc/>
    public override string ToString() => $"{Type}[{string.Join(", ", Sizes)}]{(Quantization is null ? "" : $" {{{Quantization}}}")}{(ConstantBytes is null ? "" : " constant")}";

    private static string? Describe(XnnQuantization? quantization) => quantization switch
    {
        null => null,
        XnnPerTensor t => string.Create(CultureInfo.InvariantCulture, $"scale {t.Scale}, zero point {t.ZeroPoint}"),
        XnnPerChannel c => $"{Count(c.Scales, c.ScaleCount)} scales along dimension {c.ChannelDim}",
        XnnPerChannelGroup g => $"{(g.ScalesBFloat16.Length > 0 ? (uint)g.ScalesBFloat16.Length : Count(g.Scales, g.ScaleCount))} scales for blocks of {g.GroupSize}",
        XnnPerToken p => $"scales chosen at run time, shared by the last {p.NonBatchDims} dimensions",
        XnnUnknownQuantization u => $"unknown kind {u.Member}",
        _ => quantization.GetType().Name,
    };

    private static uint Count(float[] inline, uint constant) => inline.Length > 0 ? (uint)inline.Length : constant;
}
