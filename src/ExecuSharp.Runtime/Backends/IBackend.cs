using ExecuSharp.Core;
using ExecuSharp.Kernels;

namespace ExecuSharp.Runtime.Backends;

/// <summary>Runs delegates: parts of a method that a program leaves to a backend.</summary>
public interface IBackend
{
    /// <summary>The id in the program: <c>XnnpackBackend</c>.</summary>
    string Id { get; }

    /// <summary>Prepares a payload once, when a method is loaded.</summary>
    /// <param name="payload">The delegate's bytes.</param>
    /// <param name="data">Named data of the program and of its data files.</param>
    /// <param name="context">Vector width and threads.</param>
    /// <exception cref="ExecuTorchException">The payload is refused; the code is that of the official backend.</exception>
    IDelegate Init(ReadOnlyMemory<byte> payload, INamedData data, KernelContext context);
}
