using ExecuSharp.Core;

namespace ExecuSharp.Runtime.XnnPack;

/// <summary>A step of the graph.</summary>
internal abstract unsafe class XnnOperator
{
    /// <summary>Values that are read while the graph runs; constants only where they are read as they are.</summary>
    public abstract IReadOnlyList<XnnTensor> Inputs { get; }

    /// <summary>Values that are written.</summary>
    public abstract IReadOnlyList<XnnTensor> Outputs { get; }

    /// <summary>Scratch memory that the step needs for the sizes of the last <see cref="Reshape"/>.</summary>
    public long ScratchBytes { get; protected set; }

    public byte* Scratch { get; set; }

    /// <summary>Kind of the step, for profiles: the type of its node.</summary>
    public string Kind { get; set; } = "Convert";

    /// <summary>Sets the sizes of the outputs from those of the inputs.</summary>
    public abstract void Reshape(XnnContext context);

    /// <summary>Computes the outputs.</summary>
    public abstract void Execute(XnnContext context);

    protected static ExecuTorchException Refuse(string message) => new(ErrorCode.Internal, message);

    protected static long Align(long bytes) => (bytes + 63) & ~63L;
}
