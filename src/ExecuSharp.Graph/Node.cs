using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Graphs;

/// <summary>A call of an operator. Immutable; passes replace nodes.</summary>
public sealed class Node
{
    /// <summary>Makes a node.</summary>
    /// <param name="name">Name, for messages; from the source model where it has one.</param>
    /// <param name="op">Operator.</param>
    /// <param name="args">All arguments in schema order.</param>
    /// <param name="outputs">Outputs; a tensor-list result has one value for each tensor.</param>
    public Node(string name, OperatorDefinition op, IReadOnlyList<Argument> args, IReadOnlyList<Value> outputs)
    {
        Name = name;
        Operator = op;
        Args = args;
        Outputs = outputs;
    }

    /// <summary>Name, for messages.</summary>
    public string Name { get; }

    /// <summary>Operator.</summary>
    public OperatorDefinition Operator { get; }

    /// <summary>Functional name of the operator: <c>aten::add.Tensor</c>.</summary>
    public string Op => Operator.Name;

    /// <summary>All arguments in schema order.</summary>
    public IReadOnlyList<Argument> Args { get; }

    /// <summary>Outputs.</summary>
    public IReadOnlyList<Value> Outputs { get; }

    /// <summary>The first output.</summary>
    public Value Output => Outputs[0];

    /// <summary>An argument by its name in the schema.</summary>
    public Argument Arg(string name) => Args[Operator.Schema.IndexOf(name)];

    /// <summary>All values among the arguments.</summary>
    public IEnumerable<Value> Inputs => Args.SelectMany(a => a.Values());

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join(", ", Outputs.Select(o => "%" + o.Name))} = {Op}({string.Join(", ", Args)})";
}
