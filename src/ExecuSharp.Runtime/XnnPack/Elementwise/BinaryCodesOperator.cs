using ExecuSharp.Kernels.Elements;

namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>A function of two broadcast inputs of 8-bit codes: dequantized, computed, quantized.</summary>
internal sealed unsafe class BinaryCodesOperator : XnnOperator
{
    private const int Chunk = 1024;
    private readonly BinaryKernel kernel;
    private readonly XnnTensor a;
    private readonly XnnTensor b;
    private readonly XnnTensor output;
    private readonly int low;
    private readonly int high;
    private readonly Broadcast broadcast = new();
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private RowBundle bundle;
    private int parts;

    public BinaryCodesOperator(BinaryKernel kernel, float min, float max, XnnTensor a, XnnTensor b, XnnTensor output)
    {
        (this.kernel, this.a, this.b, this.output) = (kernel, a, b, output);
        (low, high) = CodeRange.Of(output, min, max);
        loop = new ParallelLoop(Part);
    }

    public override IReadOnlyList<XnnTensor> Inputs => [a, b];

    public override IReadOnlyList<XnnTensor> Outputs => [output];

    public override void Reshape(XnnContext context)
    {
        broadcast.Prepare(a, b, output);
        bundle = new RowBundle(broadcast);
    }

    public override void Execute(XnnContext context)
    {
        this.context = context;
        parts = Math.Max(1, Math.Min(broadcast.Rows, output.Numel / 16384));
        if (broadcast.Rows == 1)
            parts = (broadcast.Length + 65535) / 65536;
        loop.Run(context.Parallel.Pool, broadcast.Rows == 0 ? 0 : parts);
    }

    private void Part(int part, int slot)
    {
        if (broadcast.Rows == 1)
        {
            int first = (int)((long)broadcast.Length * part / parts), end = (int)((long)broadcast.Length * (part + 1) / parts);
            Row(broadcast.LeftLength == 1 ? 0 : first, broadcast.RightLength == 1 ? 0 : first, first, end - first);
            return;
        }
        int row = (int)((long)broadcast.Rows * part / parts), last = (int)((long)broadcast.Rows * (part + 1) / parts);
        if (bundle.Repeats > 1)
        {
            Bundles(row, last);
            return;
        }
        for (; row < last; row++)
        {
            var (left, right) = broadcast.Offsets(row);
            Row(left, right, row * broadcast.Length, broadcast.Length);
        }
    }

    [System.Runtime.CompilerServices.SkipLocalsInit]
    private void Row(int left, int right, int to, int count)
    {
        float* x = stackalloc float[Chunk], y = stackalloc float[Chunk];
        for (int done = 0; done < count; done += Chunk)
        {
            int n = Math.Min(Chunk, count - done);
            int m = broadcast.LeftLength == 1 ? 1 : n, k = broadcast.RightLength == 1 ? 1 : n;
            Load(a, left + (broadcast.LeftLength == 1 ? 0 : done), x, m);
            Load(b, right + (broadcast.RightLength == 1 ? 0 : done), y, k);
            float* result = m == n ? x : y;
            kernel.Run(context!.Width, new ReadOnlySpan<float>(x, m), new ReadOnlySpan<float>(y, k), new Span<float>(result, n));
            Store(result, to + done, n);
        }
    }

    [System.Runtime.CompilerServices.SkipLocalsInit]
    private void Bundles(int row, int end)
    {
        float* repeated = stackalloc float[Chunk], other = stackalloc float[Chunk];
        int length = broadcast.Length, filled = -1;
        while (row < end)
        {
            int group = row / bundle.Repeats, rows = Math.Min(Math.Min(bundle.Rows, end - row), ((group + 1) * bundle.Repeats) - row), count = rows * length;
            var (left, right) = broadcast.Offsets(row);
            if (group != filled)
            {
                Load(bundle.LeftRepeated ? a : b, bundle.LeftRepeated ? left : right, repeated, length);
                for (int i = 1; i < bundle.Rows; i++)
                    new ReadOnlySpan<float>(repeated, length).CopyTo(new Span<float>(repeated + (i * length), length));
                filled = group;
            }
            Load(bundle.LeftRepeated ? b : a, bundle.LeftRepeated ? right : left, other, count);
            float* x = bundle.LeftRepeated ? repeated : other, y = bundle.LeftRepeated ? other : repeated;
            kernel.Run(context!.Width, new ReadOnlySpan<float>(x, count), new ReadOnlySpan<float>(y, count), new Span<float>(other, count));
            Store(other, row * length, count);
            row += rows;
        }
    }

    private void Load(XnnTensor tensor, int at, float* target, int count)
    {
        if (tensor.IsSigned)
            Quantization.Dequantize(context!.Width, (sbyte*)tensor.Data + at, target, count, tensor.Scale, tensor.ZeroPoint);
        else
            Quantization.Dequantize(context!.Width, tensor.Data + at, target, count, tensor.Scale, tensor.ZeroPoint);
    }

    private void Store(float* values, int at, int count)
    {
        if (output.IsSigned)
            Quantization.Quantize(context!.Width, values, (sbyte*)output.Data + at, count, output.Scale, output.ZeroPoint, low, high);
        else
            Quantization.Quantize(context!.Width, values, output.Data + at, count, output.Scale, output.ZeroPoint, low, high);
    }
}
