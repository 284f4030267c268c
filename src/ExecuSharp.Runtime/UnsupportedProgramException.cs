using ExecuSharp.Core;

namespace ExecuSharp.Runtime;

/// <summary>A method needs operators or backends that are not there. All are named.</summary>
public sealed class UnsupportedProgramException(ErrorCode code, string method, IReadOnlyList<UnsupportedItem> missing)
    : ExecuTorchException(code, $"method {method} needs what is not there: " + string.Join("; ", missing.Select(m => $"{m.What} at {m.Where} ({m.Why})")))
{
    /// <summary>The operators and backends that are missing.</summary>
    public IReadOnlyList<UnsupportedItem> Missing { get; } = missing;
}
