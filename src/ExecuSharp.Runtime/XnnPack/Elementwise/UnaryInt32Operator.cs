namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>A function of each 32-bit integer.</summary>
internal sealed unsafe class UnaryInt32Operator(Func<int, int> function, XnnTensor input, XnnTensor output) : XnnOperator
{
    public override IReadOnlyList<XnnTensor> Inputs => [input];

    public override IReadOnlyList<XnnTensor> Outputs => [output];

    public override void Reshape(XnnContext context) => output.SetShape(input.Shape);

    public override void Execute(XnnContext context)
    {
        var from = new ReadOnlySpan<int>(input.Data, input.Numel);
        var to = new Span<int>(output.Data, output.Numel);
        for (int i = 0; i < from.Length; i++)
            to[i] = function(from[i]);
    }
}
