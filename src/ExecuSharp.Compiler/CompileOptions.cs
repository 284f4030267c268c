namespace ExecuSharp.Compiler;

/// <summary>How a graph becomes a program.</summary>
public sealed record CompileOptions
{
    /// <summary>Where operators go: XNNPACK with portable kernels for the rest, or portable kernels alone.</summary>
    public CompileBackend Backend { get; init; } = CompileBackend.Xnnpack;

    /// <summary>The ExecuTorch release that must load the program.</summary>
    public ExecuTorchRelease Target { get; init; } = ExecuTorchRelease.Latest;

    /// <summary>Put weights into a data file (<c>.ptd</c>) beside the program.</summary>
    public bool ExternalWeights { get; init; }
}
