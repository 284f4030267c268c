using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Table;

/// <summary>Computes an operator: checks the arguments, resizes the outputs, writes them.</summary>
/// <exception cref="ExecuTorchException">The official runtime refuses the call too, with the same code.</exception>
public delegate void KernelFunction(in KernelArgs args);

/// <summary>The types and sizes of the outputs at compile time. Arguments are complete and in schema order.</summary>
/// <exception cref="InvalidOperationException">The shapes do not fit.</exception>
public delegate TensorSpec[] ShapeRule(IReadOnlyList<Argument> args);

/// <summary>Writes an operator with others. Arguments are complete and in schema order; null if it does not apply to these arguments.</summary>
public delegate Value[]? Decomposition(IGraphBuilder builder, IReadOnlyList<Argument> args);
