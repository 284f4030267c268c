using ExecuSharp.Core;
using ExecuSharp.Operators.Table;
using ExecuSharp.Runtime.Backends;

namespace ExecuSharp.Runtime.Execution;

/// <summary>An instruction with everything resolved.</summary>
internal abstract record Step
{
    internal sealed record Kernel(OperatorDefinition Operator, KernelFunction Function, EValue[] Args) : Step;

    internal sealed record Delegate(string Backend, IDelegate Handle, EValue[] Args) : Step;

    internal sealed record Move(EValue From, EValue To) : Step;

    internal sealed record JumpFalse(EValue Condition, int Destination) : Step;

    internal sealed record Free(EValue Value) : Step;

    /// <summary>A call that fails each time it is reached, such as one with too few arguments.</summary>
    internal sealed record Fail(ErrorCode Code, string Message) : Step;
}
