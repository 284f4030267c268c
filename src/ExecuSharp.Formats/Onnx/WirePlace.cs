namespace ExecuSharp.Formats.Onnx;

/// <summary>Where a message stands in a file: <c>model.graph.node[3].attribute[0]</c>.</summary>
internal sealed class WirePlace(WirePlace? parent, string name, int index = -1)
{
    public int Depth { get; } = (parent?.Depth ?? 0) + 1;

    public override string ToString() => (parent is null ? "" : parent + ".") + name + (index < 0 ? "" : $"[{index}]");
}
