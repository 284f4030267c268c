using ExecuSharp.Formats.Pickle;

namespace ExecuSharp.Formats.TorchScript;

/// <summary>A method in bytecode.</summary>
/// <param name="Name">Qualified name: <c>__torch__.zoo.Mlp.forward</c>.</param>
/// <param name="Instructions">The instructions.</param>
/// <param name="Operators">Operators by the operand of <c>OP</c>.</param>
/// <param name="Constants">Constants by the operand of <c>LOADC</c>.</param>
/// <param name="Types">Types by operand, as text.</param>
/// <param name="RegisterSize">Number of registers.</param>
/// <param name="Parameters">Names, types and defaults of the parameters with <c>self</c>; null where the file has none (before version 5).</param>
public sealed record BytecodeFunction(
    string Name,
    IReadOnlyList<BytecodeInstruction> Instructions,
    IReadOnlyList<BytecodeOperator> Operators,
    IReadOnlyList<PickleValue> Constants,
    IReadOnlyList<string> Types,
    int RegisterSize,
    IReadOnlyList<BytecodeParameter>? Parameters);
