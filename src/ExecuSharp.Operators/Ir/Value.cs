using ExecuSharp.Core;

namespace ExecuSharp.Operators.Ir;

/// <summary>A value of a graph: an input, a constant, or an output of a node. Identity is by reference.</summary>
public sealed class Value
{
    private readonly TensorSpec? spec;

    /// <summary>A tensor value.</summary>
    public Value(string name, TensorSpec spec)
    {
        Name = name;
        this.spec = spec;
        Kind = ValueKind.Tensor;
    }

    /// <summary>A number that is known only at run time.</summary>
    /// <param name="name">Name.</param>
    /// <param name="kind">Int, Double or Bool.</param>
    /// <param name="size">For an integer: its expression, if it is one of sizes.</param>
    public Value(string name, ValueKind kind, Dim? size = null)
    {
        Name = name;
        Kind = kind;
        Size = size;
    }

    /// <summary>Name, unique in its graph.</summary>
    public string Name { get; }

    /// <summary>What it is.</summary>
    public ValueKind Kind { get; }

    /// <summary>For an integer: the size that it stands for, if known.</summary>
    public Dim? Size { get; }

    /// <summary>Type and sizes of a tensor.</summary>
    /// <exception cref="InvalidOperationException">The value is a number.</exception>
    public TensorSpec Spec => spec ?? throw new InvalidOperationException($"{Name} is a {Kind}, not a tensor");

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {spec?.ToString() ?? Kind.ToString()}";
}
