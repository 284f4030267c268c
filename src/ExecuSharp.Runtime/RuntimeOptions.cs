using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Table;
using ExecuSharp.Runtime.Backends;

namespace ExecuSharp.Runtime;

/// <summary>How programs are run.</summary>
public sealed record RuntimeOptions
{
    /// <summary>The preferred width of this machine, one thread per core, all operators and backends.</summary>
    public static RuntimeOptions Default { get; } = new();

    /// <summary>Vector width of the kernels: what <see cref="SimdWidths.Variable"/> forces, else the machine's best.</summary>
    public SimdWidth Width { get; init; } = SimdWidths.Preferred;

    /// <summary>Threads of large kernels; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Operators.</summary>
    public OperatorTable Operators { get; init; } = OperatorTable.Default;

    /// <summary>Backends.</summary>
    public IReadOnlyList<IBackend> Backends { get; init; } = BackendList.Default;

    /// <summary>Bytes of planned memory that a method may ask for.</summary>
    public long MaxPlannedMemory { get; init; } = 8L << 30;

    /// <summary>Instructions that one <see cref="Method.Execute()"/> may run, as in the official runtime.</summary>
    public long MaxInstructions { get; init; } = 10_000_000;

    /// <summary>The number of threads after replacing 0 by the number of cores.</summary>
    public int EffectiveThreads => Threads > 0 ? Threads : Environment.ProcessorCount;
}
