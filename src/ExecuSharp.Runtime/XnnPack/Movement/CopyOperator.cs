namespace ExecuSharp.Runtime.XnnPack.Movement;

/// <summary>Copy and StaticReshape: the same elements, perhaps with other sizes.</summary>
/// <param name="input">Input.</param>
/// <param name="output">Output.</param>
/// <param name="shape">New sizes with at most one 0, which is inferred; null for those of the input.</param>
internal sealed unsafe class CopyOperator(XnnTensor input, XnnTensor output, int[]? shape) : MovementOperator([input], output)
{
    public override void Reshape(XnnContext context)
    {
        if (shape is null)
        {
            Output.SetShape(Input.Shape);
            return;
        }
        int inferred = Array.IndexOf(shape, 0);
        if (inferred >= 0 && Array.IndexOf(shape, 0, inferred + 1) >= 0)
            throw Refuse("a reshape infers more than one size");
        long known = 1;
        foreach (int size in shape)
            known *= size == 0 ? 1 : size;
        if (known > int.MaxValue || (inferred < 0 ? known != Input.Numel : Input.Numel % known != 0))
            throw Refuse($"{Input.Numel} elements do not fit into sizes {Core.Tensor.Format(shape)}");
        Span<int> sizes = stackalloc int[XnnTensor.MostRank];
        shape.CopyTo(sizes);
        if (inferred >= 0)
            sizes[inferred] = (int)(Input.Numel / known);
        Output.SetShape(sizes[..shape.Length]);
    }

    public override void Execute(XnnContext context)
    {
        if (Input.Data != Output.Data)
            Copy(Input.Data, Output.Data, Output.CodeBytes);
    }

    /// <summary>Lets input and output share memory where one of them is internal.</summary>
    public void Share()
    {
        var root = Input.Root;
        if (Output.External < 0)
            Output.Base = root;
        else if (root.External < 0 && !root.IsConstant)
            root.Base = Output;
    }
}
