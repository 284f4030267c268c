using ExecuSharp.Core;

namespace ExecuSharp.Import.TorchScript;

/// <summary>The program looks at an input whose shape is not known.</summary>
/// <param name="index">Which tensor input.</param>
/// <param name="name">Its name.</param>
/// <param name="found">The shape that the first layer determines, or null.</param>
/// <param name="reason">What looks at it.</param>
internal sealed class InputShapeNeededException(int index, string name, TensorSpec? found, string reason) : Exception(reason)
{
    public int Index { get; } = index;

    public string Name { get; } = name;

    public TensorSpec? Found { get; } = found;
}
