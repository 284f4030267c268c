using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>What the builders of steps share: values by id, bounds, refusals.</summary>
internal abstract class NodeBuilder(ValueTable values)
{
    protected XnnTensor Value(uint id) => values[id];

    protected XnnTensor? Optional(uint id) => id == XnnValue.None ? null : values[id];

    protected static (float Min, float Max) Range(XnnNode node) =>
        node.Range is { } range ? (range.Min, range.Max) : (float.NegativeInfinity, float.PositiveInfinity);

    protected static ExecuTorchException Refuse(XnnNode node, params XnnTensor?[] values) =>
        new(ErrorCode.Internal, $"{node.Type} does not take {string.Join(", ", values.Where(v => v is not null))}");

    protected static ExecuTorchException Refuse(XnnNode node, string reason) => new(ErrorCode.Internal, $"{node.Type}: {reason}");

    protected static ExecuTorchException Missing(XnnNode node, string what) => new(ErrorCode.InvalidProgram, $"{node.Type} has no {what}");
}
