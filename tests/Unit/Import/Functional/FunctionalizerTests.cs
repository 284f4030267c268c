using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Functional;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Tests.Unit.Import.Functional;

/// <summary>Writes through views, compared with what PyTorch's memory model gives for 0 … 11 as [3, 4].</summary>
public sealed class FunctionalizerTests
{
    private readonly GraphBuilder builder = new("forward");
    private readonly Functionalizer functional;
    private readonly TensorHandle x;

    public FunctionalizerTests()
    {
        functional = new Functionalizer(builder, OperatorTable.Default);
        x = Functionalizer.Own(builder.Input("x", new TensorSpec(ScalarType.Float, 3, 4)));
    }

    [Fact]
    public void A_write_to_a_row_changes_the_base_and_other_views()
    {
        var row = One("aten::select.int", x, 0, 1);
        var column = One("aten::select.int", x, 1, 2);
        Call("aten::fill_.Scalar", row, 9.0);
        Assert.Equal([0, 1, 2, 3, 9, 9, 9, 9, 8, 9, 10, 11], Run(x));
        Assert.Equal([2, 9, 10], Run(column));
    }

    [Fact]
    public void A_write_to_a_slice_of_a_transposed_view_lands_in_place()
    {
        var part = One("aten::slice.Tensor", One("aten::t", x), 0, 1, 3, 1);
        Call("aten::mul_.Scalar", part, 10.0);
        Assert.Equal([0, 10, 20, 3, 4, 50, 60, 7, 8, 90, 100, 11], Run(x));
    }

    [Fact]
    public void A_write_to_one_chunk_leaves_the_others()
    {
        var parts = Call("aten::chunk", x, 2, 1);
        Call("aten::add_.Tensor", parts[1], parts[0]);
        Assert.Equal([0, 1, 2, 4, 4, 5, 10, 12, 8, 9, 18, 20], Run(x));
    }

    [Fact]
    public void A_reshape_of_contiguous_memory_is_a_view()
    {
        Call("aten::zero_", One("aten::select.int", One("aten::reshape", x, (long[])[2, 6]), 0, 1));
        Assert.Equal([0, 1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0], Run(x));
    }

    [Fact]
    public void A_reshape_of_a_transposed_view_is_a_copy()
    {
        Call("aten::zero_", One("aten::reshape", One("aten::t", x), (long[])[12]));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], Run(x));
    }

    [Fact]
    public void An_operator_that_changes_sizes_in_place_changes_what_the_name_stands_for()
    {
        var row = One("aten::slice.Tensor", x, 0, 2, 3, 1);
        Call("aten::squeeze_.dim", row, 0);
        Assert.Equal(1, functional.Read(row).Spec.Rank);
        Call("aten::copy_", row, One("aten::neg", row));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, -8, -9, -10, -11], Run(x));
    }

    [Fact]
    public void A_result_in_place_keeps_the_type_of_what_it_replaces()
    {
        var counts = Functionalizer.Own(builder.Constant(Tensor.From<long>([1, 2], 2)));
        Call("aten::copy_", counts, One("aten::slice.Tensor", One("aten::select.int", x, 0, 1), 0, 0, 2, 1));
        Assert.Equal(ScalarType.Long, functional.Read(counts).Spec.Type);
    }

    [Fact]
    public void A_write_to_repeated_elements_is_refused()
    {
        var wide = One("aten::expand", One("aten::slice.Tensor", x, 0, 0, 1, 1), (long[])[3, 4]);
        Assert.Throws<InvalidOperationException>(() => Call("aten::zero_", wide));
    }

    private TensorHandle[] Call(string op, TensorHandle self, params object[] rest)
    {
        Argument[] args = [functional.Read(self), .. rest.Select(r => r switch
        {
            TensorHandle t => functional.Read(t),
            int i => i,
            double d => d,
            long[] l => (Argument)l,
            _ => throw new ArgumentException(r.ToString()),
        })];
        return [.. functional.Call(op, args, [self, .. rest.Select(r => r as TensorHandle)]).Select(r => r.Tensor!)];
    }

    private TensorHandle One(string op, TensorHandle self, params object[] rest) => Call(op, self, rest)[0];

    private float[] Run(TensorHandle result)
    {
        var copy = new GraphBuilder("forward");
        foreach (var (value, constant) in builder.Build().Constants)
            copy.AddConstant(value, constant);
        var read = functional.Read(result);
        var graph = builder.Build();
        foreach (var input in graph.Inputs)
            copy.AddInput(input);
        foreach (var node in graph.Nodes)
            copy.AddNode(node);
        copy.Output(read, "result");
        var values = Tensor.From<float>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 3, 4);
        return GraphInterpreter.Run(copy.Build(), [values], KernelContext.SingleThreaded())[0].AsTensor().Span<float>().ToArray();
    }
}
