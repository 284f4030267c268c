using ExecuSharp.Core;

namespace ExecuSharp.Operators.Ir;

/// <summary>Where importers, models and decompositions put the operators that they are made of.</summary>
public interface IGraphBuilder
{
    /// <summary>Adds a node and returns its outputs. Output specs come from the operator's shape rule.</summary>
    /// <param name="op">The functional name in the operator table: <c>aten::add.Tensor</c>.</param>
    /// <param name="args">Arguments in schema order; missing ones at the end take their defaults.</param>
    /// <exception cref="UnsupportedModelException">No such operator.</exception>
    /// <exception cref="InvalidOperationException">The arguments do not fit the schema, or the shapes do not fit each other.</exception>
    Value[] CallMany(string op, params Argument[] args);

    /// <summary>Adds a node with one output.</summary>
    Value Call(string op, params Argument[] args) => CallMany(op, args)[0];

    /// <summary>Adds a constant tensor.</summary>
    Value Constant(Tensor tensor, string? name = null);

    /// <summary>The bytes behind a value if it is a constant, else null.</summary>
    Tensor? ConstantOf(Value value);

    /// <summary>A size as an argument: a literal if static, else an integer read from the tensor at run time.</summary>
    Argument SizeOf(Value tensor, int dim) => tensor.Spec.Sizes[dim < 0 ? dim + tensor.Spec.Rank : dim] is { IsStatic: true } d
        ? d.Value
        : CallMany("aten::sym_size.int", tensor, dim < 0 ? dim + tensor.Spec.Rank : dim)[0];
}
