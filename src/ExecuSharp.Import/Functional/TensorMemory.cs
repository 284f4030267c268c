using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Functional;

/// <summary>The memory that a tensor and its views share: its content now, and how often it was written.</summary>
internal sealed class TensorMemory(Value content)
{
    public Value Content { get; set; } = content;

    public int Version { get; set; }
}
