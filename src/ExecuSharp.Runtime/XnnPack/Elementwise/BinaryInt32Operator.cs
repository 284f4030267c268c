namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>A function of two broadcast inputs of 32-bit integers.</summary>
internal sealed unsafe class BinaryInt32Operator(Func<int, int, int> function, XnnTensor a, XnnTensor b, XnnTensor output) : XnnOperator
{
    private readonly Broadcast broadcast = new();

    public override IReadOnlyList<XnnTensor> Inputs => [a, b];

    public override IReadOnlyList<XnnTensor> Outputs => [output];

    public override void Reshape(XnnContext context) => broadcast.Prepare(a, b, output);

    public override void Execute(XnnContext context)
    {
        int* x = (int*)a.Data, y = (int*)b.Data, to = (int*)output.Data;
        int stepX = broadcast.LeftLength == 1 ? 0 : 1, stepY = broadcast.RightLength == 1 ? 0 : 1;
        for (int row = 0; row < broadcast.Rows; row++)
        {
            var (left, right) = broadcast.Offsets(row);
            for (int i = 0; i < broadcast.Length; i++)
                *to++ = function(x[left + (i * stepX)], y[right + (i * stepY)]);
        }
    }
}
