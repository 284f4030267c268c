using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Kernels.Elements;

namespace ExecuSharp.Runtime.XnnPack;

/// <summary>A step that computes in float32. 16-bit inputs are widened before and 16-bit outputs rounded after.</summary>
internal abstract unsafe class FloatOperator : XnnOperator
{
    private readonly XnnTensor[] inputs;
    private readonly XnnTensor[] outputs;
    private readonly float*[] from;
    private readonly float*[] to;
    private readonly bool narrow;

    protected FloatOperator(XnnTensor[] inputs, params XnnTensor[] outputs)
    {
        this.inputs = inputs;
        this.outputs = outputs;
        from = new float*[inputs.Length];
        to = new float*[outputs.Length];
        narrow = inputs.Concat(outputs).Any(IsNarrow);
    }

    public sealed override IReadOnlyList<XnnTensor> Inputs => inputs;

    public sealed override IReadOnlyList<XnnTensor> Outputs => outputs;

    /// <summary>Scratch memory of <see cref="Compute"/>.</summary>
    protected long OwnScratchBytes { get; set; }

    protected byte* OwnScratch { get; private set; }

    protected float* From(int index) => from[index];

    protected float* To(int index) => to[index];

    protected abstract void InferShapes(XnnContext context);

    protected abstract void Compute(XnnContext context);

    public sealed override void Reshape(XnnContext context)
    {
        InferShapes(context);
        long bytes = Align(OwnScratchBytes);
        if (narrow)
            foreach (var tensor in inputs.Concat(outputs))
                bytes += IsNarrow(tensor) ? Align(4L * tensor.Numel) : 0;
        ScratchBytes = bytes;
    }

    public sealed override void Execute(XnnContext context)
    {
        OwnScratch = Scratch;
        byte* free = Scratch + Align(OwnScratchBytes);
        for (int i = 0; i < inputs.Length; i++)
            from[i] = IsNarrow(inputs[i]) ? Widen(inputs[i], ref free) : (float*)inputs[i].Data;
        for (int i = 0; i < outputs.Length; i++)
            to[i] = IsNarrow(outputs[i]) ? Take(outputs[i], ref free) : (float*)outputs[i].Data;
        Compute(context);
        for (int i = 0; i < outputs.Length; i++)
            if (IsNarrow(outputs[i]))
                Round(outputs[i], to[i]);
    }

    private static bool IsNarrow(XnnTensor tensor) => tensor.Type is XnnDatatype.Fp16 or XnnDatatype.BFloat16;

    private static float* Take(XnnTensor tensor, ref byte* free)
    {
        var result = (float*)free;
        free += Align(4L * tensor.Numel);
        return result;
    }

    private static float* Widen(XnnTensor tensor, ref byte* free)
    {
        float* result = Take(tensor, ref free);
        var target = new Span<float>(result, tensor.Numel);
        if (tensor.Type == XnnDatatype.Fp16)
            ElementConversions.ToSingle(new ReadOnlySpan<Half>(tensor.Data, tensor.Numel), target);
        else
            ElementConversions.ToSingle(new ReadOnlySpan<BFloat16>(tensor.Data, tensor.Numel), target);
        return result;
    }

    private static void Round(XnnTensor tensor, float* values)
    {
        var source = new ReadOnlySpan<float>(values, tensor.Numel);
        if (tensor.Type == XnnDatatype.Fp16)
            ElementConversions.ToHalf(source, new Span<Half>(tensor.Data, tensor.Numel));
        else
            ElementConversions.ToBFloat16(source, new Span<BFloat16>(tensor.Data, tensor.Numel));
    }
}
