namespace ExecuSharp.Formats.Pte;

/// <summary>A method (ExecutionPlan).</summary>
public sealed class PteMethod
{
    /// <summary>Name, <c>forward</c> by convention.</summary>
    public required string Name { get; init; }

    /// <summary>Structure of the inputs as PyTorch's tree specification; not used at run time.</summary>
    public string? InputTree { get; init; }

    /// <summary>Structure of the outputs.</summary>
    public string? OutputTree { get; init; }

    /// <summary>Value slots.</summary>
    public required IReadOnlyList<PteValue> Values { get; init; }

    /// <summary>Slots of the inputs.</summary>
    public required IReadOnlyList<int> Inputs { get; init; }

    /// <summary>Slots of the outputs.</summary>
    public required IReadOnlyList<int> Outputs { get; init; }

    /// <summary>Instruction lists, run one after the other; exporters write exactly one.</summary>
    public required IReadOnlyList<PteChain> Chains { get; init; }

    /// <summary>Operators named by kernel calls.</summary>
    public required IReadOnlyList<PteOperator> Operators { get; init; }

    /// <summary>Delegates.</summary>
    public required IReadOnlyList<PteDelegate> Delegates { get; init; }

    /// <summary>Sizes of the planned memory arenas; entry 0 is reserved.</summary>
    public required IReadOnlyList<long> MemorySizes { get; init; }

    /// <summary>Devices of arenas other than the CPU.</summary>
    public IReadOnlyList<PteMemoryDevice> MemoryDevices { get; init; } = [];
}
