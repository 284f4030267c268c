using ExecuSharp.Core;
using ExecuSharp.Kernels;

namespace ExecuSharp.Runtime.Backends;

/// <summary>A delegate that can tell how long its steps take.</summary>
public interface IObservableDelegate : IDelegate
{
    /// <summary>Does what <see cref="IDelegate.Execute"/> does and reports each step: its name, and its time stamps before and after.</summary>
    /// <exception cref="ExecuTorchException">The shapes do not fit.</exception>
    void Execute(KernelContext context, ReadOnlySpan<EValue> args, Action<string, long, long> observer);
}
