using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Functional;

/// <summary>
/// A tensor object of a program with side effects. Handles of one storage see each other's writes; an operator that changes a tensor's own
/// sizes in place changes what its handle stands for.
/// </summary>
public sealed class TensorHandle
{
    internal TensorHandle(TensorView view) => View = view;

    internal TensorView View { get; set; }

    /// <summary>True if this or another view of the same storage was written.</summary>
    public bool IsWritten => View.Storage.Version > 0;
}
