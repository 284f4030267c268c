using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Graphs;

/// <summary>What a rule may look at: the new graph so far, and who uses what in the old one.</summary>
public sealed class RewriteContext
{
    private readonly Dictionary<Value, Node> producers;
    private readonly Dictionary<Value, int> uses;

    internal RewriteContext(GraphBuilder builder, Dictionary<Value, Node> producers, Dictionary<Value, int> uses)
    {
        Builder = builder;
        this.producers = producers;
        this.uses = uses;
    }

    /// <summary>Where new nodes go. It holds what stands before the node that is looked at.</summary>
    public GraphBuilder Builder { get; }

    /// <summary>The node of the new graph that makes a value; null for inputs and constants.</summary>
    public Node? Producer(Value value) => producers.GetValueOrDefault(value);

    /// <summary>The node that makes a value if it is a call of the operator, else null.</summary>
    public Node? Producer(Argument argument, string op) => argument.IsValue && Producer(argument.AsValue()) is { } node && node.Op == op ? node : null;

    /// <summary>How many nodes and outputs use a value; 0 for values made by this pass.</summary>
    public int UseCount(Value value) => uses.GetValueOrDefault(value);

    /// <summary>The constant behind an argument, or null.</summary>
    public Tensor? Constant(Argument argument) => argument.IsValue ? Builder.ConstantOf(argument.AsValue()) : null;
}
