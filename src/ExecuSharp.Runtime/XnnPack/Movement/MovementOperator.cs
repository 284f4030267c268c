namespace ExecuSharp.Runtime.XnnPack.Movement;

/// <summary>A step that moves elements without looking at them.</summary>
internal abstract unsafe class MovementOperator(XnnTensor[] inputs, XnnTensor output) : XnnOperator
{
    public sealed override IReadOnlyList<XnnTensor> Inputs => inputs;

    public sealed override IReadOnlyList<XnnTensor> Outputs => [output];

    protected XnnTensor Input => inputs[0];

    protected XnnTensor Output => output;

    protected int ElementSize => output.ElementSize;

    protected static void Copy(byte* from, byte* to, long bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);
}
