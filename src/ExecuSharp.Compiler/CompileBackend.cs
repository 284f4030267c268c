namespace ExecuSharp.Compiler;

/// <summary>Where a program's operators run.</summary>
public enum CompileBackend
{
    /// <summary>XNNPACK delegates, portable kernels for what it does not take.</summary>
    Xnnpack,
    /// <summary>Portable kernels only.</summary>
    Portable,
}
