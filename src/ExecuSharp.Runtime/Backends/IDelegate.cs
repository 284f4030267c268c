using ExecuSharp.Core;
using ExecuSharp.Kernels;

namespace ExecuSharp.Runtime.Backends;

/// <summary>A prepared delegate. Used by one thread at a time.</summary>
public interface IDelegate : IDisposable
{
    /// <summary>Computes the outputs from the inputs; resizes dynamic outputs.</summary>
    /// <param name="context">Vector width and threads.</param>
    /// <param name="args">The slots of the delegate call: inputs, then outputs; an external id is a position here.</param>
    /// <exception cref="ExecuTorchException">The shapes do not fit.</exception>
    void Execute(KernelContext context, ReadOnlySpan<EValue> args);
}
