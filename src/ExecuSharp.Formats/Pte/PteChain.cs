namespace ExecuSharp.Formats.Pte;

/// <summary>A list of instructions. Inputs and outputs are written empty and ignored by the runtime.</summary>
public sealed record PteChain(IReadOnlyList<PteInstruction> Instructions)
{
    /// <summary>Unused by the runtime.</summary>
    public IReadOnlyList<int> Inputs { get; init; } = [];

    /// <summary>Unused by the runtime.</summary>
    public IReadOnlyList<int> Outputs { get; init; } = [];
}
