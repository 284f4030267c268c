namespace ExecuSharp.Operators.Table;

/// <summary>Everything about one operator, in one place.</summary>
public sealed class OperatorDefinition
{
    /// <summary>Makes a row from a schema in ATen's language.</summary>
    /// <param name="schema">The functional schema with namespace: <c>aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor</c>.</param>
    public OperatorDefinition(string schema)
    {
        Schema = OperatorSchema.Parse(schema);
        Name = Schema.Name;
    }

    /// <summary>Functional name: <c>aten::add.Tensor</c>.</summary>
    public string Name { get; }

    /// <summary>Functional schema.</summary>
    public OperatorSchema Schema { get; }

    /// <summary>
    /// Name of the kernel in a program: <c>aten::add.out</c>. Null where the runtime has none. Equal to <see cref="Name"/> for in-place and
    /// built-in operators.
    /// </summary>
    public string? OutName { get; init; }

    /// <summary>The kernel behind <see cref="OutName"/>.</summary>
    public KernelFunction? Kernel { get; init; }

    /// <summary>Output types and sizes; null where the operator is always decomposed.</summary>
    public ShapeRule? Shape { get; init; }

    /// <summary>How to write the operator with others; null for those that stay.</summary>
    public Decomposition? Decompose { get; init; }

    /// <summary>Number of outputs that <see cref="OutName"/> takes as arguments; a tensor list counts as one.</summary>
    public int OutCount { get; init; } = 1;

    /// <summary>A built-in operator of the runtime: its result slot follows the arguments and is not repeated.</summary>
    public bool IsBuiltin { get; init; }

    /// <summary>Same arguments give the same outputs, and nothing else changes.</summary>
    public bool IsPure { get; init; } = true;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
