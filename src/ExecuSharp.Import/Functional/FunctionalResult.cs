using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Functional;

/// <summary>A result of a call: a tensor object, or a number known at run time.</summary>
/// <param name="Tensor">The tensor, else null.</param>
/// <param name="Number">The number, else null.</param>
public readonly record struct FunctionalResult(TensorHandle? Tensor, Value? Number);
