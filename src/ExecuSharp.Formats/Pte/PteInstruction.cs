namespace ExecuSharp.Formats.Pte;

/// <summary>One instruction.</summary>
public abstract record PteInstruction
{
    /// <summary>Calls an operator's kernel.</summary>
    public sealed record KernelCall(int OperatorIndex, IReadOnlyList<int> Args) : PteInstruction;

    /// <summary>Calls a delegate: inputs, then outputs.</summary>
    public sealed record DelegateCall(int DelegateIndex, IReadOnlyList<int> Args) : PteInstruction;

    /// <summary>Copies a value slot.</summary>
    public sealed record MoveCall(int From, int To) : PteInstruction;

    /// <summary>Jumps if a condition is false.</summary>
    public sealed record JumpFalseCall(int Condition, int Destination) : PteInstruction;

    /// <summary>Takes the memory from a tensor.</summary>
    public sealed record FreeCall(int Value) : PteInstruction;

    /// <summary>An instruction of a later schema.</summary>
    public sealed record Unknown(byte Type) : PteInstruction;
}
