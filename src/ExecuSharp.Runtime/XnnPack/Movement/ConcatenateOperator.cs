using ExecuSharp.Kernels.Layout;

namespace ExecuSharp.Runtime.XnnPack.Movement;

/// <summary>Inputs behind each other along a dimension.</summary>
internal sealed unsafe class ConcatenateOperator(XnnTensor[] inputs, XnnTensor output, int axis) : MovementOperator(inputs, output)
{
    private long outer;

    public override void Reshape(XnnContext context)
    {
        int along = axis < 0 ? axis + Input.Rank : axis;
        if ((uint)along >= (uint)Input.Rank)
            throw Refuse($"axis {axis} of {Input.Rank} dimensions");
        Span<int> sizes = stackalloc int[XnnTensor.MostRank];
        Input.Shape.CopyTo(sizes);
        sizes[along] = 0;
        foreach (var input in Inputs)
        {
            if (input.Rank != Input.Rank)
                throw Refuse($"inputs of {Input.Rank} and {input.Rank} dimensions");
            for (int d = 0; d < input.Rank; d++)
                if (d != along && input.Sizes[d] != Input.Sizes[d])
                    throw Refuse($"sizes {Core.Tensor.Format(Input.Shape)} and {Core.Tensor.Format(input.Shape)} along axis {along}");
            sizes[along] = checked(sizes[along] + input.Sizes[along]);
        }
        Output.SetShape(sizes[..Input.Rank]);
        outer = 1;
        for (int d = 0; d < along; d++)
            outer *= Output.Sizes[d];
    }

    public override void Execute(XnnContext context)
    {
        if (Output.Numel == 0)
            return;
        long row = Output.CodeBytes / outer;
        byte* to = Output.Data;
        for (int i = 0; i < Inputs.Count; i++)
        {
            long bytes = Inputs[i].CodeBytes / outer;
            if (bytes > 0)
                Rows.Copy(Inputs[i].Data, (nint)bytes, to, (nint)row, (int)bytes, (int)outer);
            to += bytes;
        }
    }
}
