using ExecuSharp.Core;
using ExecuSharp.Import.Onnx;

namespace ExecuSharp.Tests.Unit.Import.Onnx;

public sealed class OnnxImporterTests
{
    private static byte[] Sum(params long[] sizes) => ProtoWriter.Model(g => g.Node("Add", ["x", "y"], ["z"]).Value(11, "x", sizes).Value(11, "y", sizes).Value(12, "z", sizes));

    [Fact]
    public void OpenSizesMustBeGiven()
    {
        var e = Assert.Throws<UnsupportedModelException>(() => OnnxImporter.Import(Sum(-1, 3)));
        Assert.Contains("is open and must be given", e.Message, StringComparison.Ordinal);
        var shapes = new Dictionary<string, IReadOnlyList<long>> { ["x"] = [2, 3], ["y"] = [2, 3] };
        Assert.Equal([2, 3], OnnxImporter.Import(Sum(-1, 3), new OnnxImportOptions { InputShapes = shapes }).Nodes[0].Output.Spec.MaxSizes);
    }

    [Fact]
    public void OneNameIsOneDynamicSize()
    {
        var open = new Dictionary<(string, int), (long, long)> { [("x", 0)] = (1, 8), [("y", 0)] = (1, 8) };
        var graph = OnnxImporter.Import(Sum(-1, 3), new OnnxImportOptions { Dynamic = open });
        Assert.Equal("Float[n, 3]", graph.Nodes[0].Output.Spec.ToString());
        Assert.Equal(graph.Inputs[0].Value.Spec.Sizes[0], graph.Inputs[1].Value.Spec.Sizes[0]);
    }

    [Fact]
    public void FrozenInputsFoldAway()
    {
        var options = new OnnxImportOptions { Freeze = new Dictionary<string, Tensor> { ["x"] = Tensor.From<float>([1, 2], 2), ["y"] = Tensor.From<float>([3, 4], 2) } };
        var graph = OnnxImporter.Import(Sum(2), options);
        Assert.Empty(graph.Inputs);
        Assert.Empty(graph.Nodes);
        Assert.Equal([4f, 6f], graph.ConstantOf(graph.Outputs[0].Result.AsValue())!.Span<float>().ToArray());
    }

    [Fact]
    public void UnknownInputNamesAreToldWithTheKnownOnes()
    {
        var e = Assert.Throws<ArgumentException>(() => OnnxImporter.Import(Sum(2), new OnnxImportOptions { Freeze = new Dictionary<string, Tensor> { ["q"] = Tensor.From<float>([1], 1) } }));
        Assert.Contains("x, y", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllUnsupportedOperatorsAreListedAtOnce()
    {
        byte[] model = ProtoWriter.Model(g => g.Node("Foo", ["x"], ["a"]).Node("Bar", ["x"], ["b"]).Node("Add", ["a", "b"], ["z"]).Value(11, "x", 2).Value(12, "z", 2));
        var e = Assert.Throws<UnsupportedModelException>(() => OnnxImporter.Import(model, name: "m.onnx"));
        Assert.Equal(["operator Foo", "operator Bar"], e.Items.Select(i => i.What));
        Assert.Contains("node[1] Bar", e.Items[1].Where, StringComparison.Ordinal);
    }

    [Fact]
    public void NodesMayStandInAnyOrder()
    {
        byte[] model = ProtoWriter.Model(g => g.Node("Neg", ["a"], ["z"]).Node("Abs", ["x"], ["a"]).Value(11, "x", 2).Value(12, "z", 2));
        Assert.Equal(["aten::abs", "aten::neg"], OnnxImporter.Import(model).Nodes.Select(n => n.Op));
    }

    [Fact]
    public void CyclesAreRefused()
    {
        byte[] model = ProtoWriter.Model(g => g.Node("Neg", ["b"], ["a"]).Node("Abs", ["a"], ["b"]).Value(11, "x", 2).Value(12, "b", 2));
        Assert.Throws<ModelFormatException>(() => OnnxImporter.Import(model));
    }

    [Fact]
    public void NodesThatNoOutputNeedsAreNotLookedAt()
    {
        byte[] model = ProtoWriter.Model(g => g.Node("Foo", ["x"], ["a"]).Node("Abs", ["x"], ["z"]).Value(11, "x", 2).Value(12, "z", 2));
        Assert.Single(OnnxImporter.Import(model).Nodes);
    }
}
