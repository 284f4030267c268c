using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Kernels.Elements;

namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>Changes the element type, through float32.</summary>
internal sealed unsafe class ConvertOperator : XnnOperator
{
    private const int Chunk = 16384;
    private const int Block = 1024;
    private readonly XnnTensor input;
    private readonly XnnTensor output;
    private readonly ParallelLoop loop;
    private XnnContext? context;

    public ConvertOperator(XnnTensor input, XnnTensor output)
    {
        this.input = input;
        this.output = output;
        loop = new ParallelLoop(Part);
    }

    public override IReadOnlyList<XnnTensor> Inputs => [input];

    public override IReadOnlyList<XnnTensor> Outputs => [output];

    public override void Reshape(XnnContext context) => output.SetShape(input.Shape);

    public override void Execute(XnnContext context)
    {
        this.context = context;
        loop.Run(context.Parallel.Pool, (output.Numel + Chunk - 1) / Chunk);
    }

    [System.Runtime.CompilerServices.SkipLocalsInit]
    private void Part(int part, int slot)
    {
        int end = Math.Min((part + 1) * Chunk, output.Numel);
        if (input.Type == output.Type && !input.Type.IsCode())
        {
            int first = part * Chunk, bytes = (end - first) * input.ElementSize;
            Buffer.MemoryCopy(input.Data + ((long)first * input.ElementSize), output.Data + ((long)first * input.ElementSize), bytes, bytes);
            return;
        }
        float* block = stackalloc float[Block];
        for (int at = part * Chunk; at < end; at += Block)
        {
            int count = Math.Min(Block, end - at);
            float* values = input.Type == XnnDatatype.Fp32 ? (float*)input.Data + at : output.Type == XnnDatatype.Fp32 ? (float*)output.Data + at : block;
            Load(at, values, count);
            Store(at, values, count);
        }
    }

    private void Load(int at, float* target, int count)
    {
        byte* from = input.Data + ((long)at * input.ElementSize);
        var to = new Span<float>(target, count);
        switch (input.Type)
        {
            case XnnDatatype.Fp32: break;
            case XnnDatatype.Fp16: ElementConversions.ToSingle(new ReadOnlySpan<Half>(from, count), to); break;
            case XnnDatatype.BFloat16: ElementConversions.ToSingle(new ReadOnlySpan<BFloat16>(from, count), to); break;
            case XnnDatatype.QInt8: Quantization.Dequantize(context!.Width, (sbyte*)from, target, count, input.Scale, input.ZeroPoint); break;
            case XnnDatatype.QUInt8: Quantization.Dequantize(context!.Width, from, target, count, input.Scale, input.ZeroPoint); break;
            default:
                for (int i = 0; i < count; i++)
                    target[i] = ((int*)from)[i];
                break;
        }
    }

    private void Store(int at, float* values, int count)
    {
        byte* to = output.Data + ((long)at * output.ElementSize);
        var from = new ReadOnlySpan<float>(values, count);
        switch (output.Type)
        {
            case XnnDatatype.Fp32: break;
            case XnnDatatype.Fp16: ElementConversions.ToHalf(from, new Span<Half>(to, count)); break;
            case XnnDatatype.BFloat16: ElementConversions.ToBFloat16(from, new Span<BFloat16>(to, count)); break;
            case XnnDatatype.QInt8: Quantization.Quantize(context!.Width, values, (sbyte*)to, count, output.Scale, output.ZeroPoint); break;
            case XnnDatatype.QUInt8: Quantization.Quantize(context!.Width, values, to, count, output.Scale, output.ZeroPoint); break;
            default:
                // The largest float below 2^31 is the upper bound; NaN becomes 0.
                for (int i = 0; i < count; i++)
                    ((int*)to)[i] = float.IsNaN(values[i]) ? 0 : (int)MathF.Round(Math.Clamp(values[i], -2147483648f, 2147483520f));
                break;
        }
    }
}
