using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Models.MobileNet;

/// <summary>A MobileNetV2: image [batch, 3, height, width] to logits [batch, classes].</summary>
internal sealed class MobileNetV2(Checkpoint checkpoint, IReadOnlyList<InvertedResidual> blocks) : IDetectedModel
{
    private const double Epsilon = 1e-5;
    private const int TrainedSize = 224;
    private const int LeastSize = 32;

    public string Name => "MobileNetV2";

    public string Family => "MobileNetV2";

    public string Description => $"{blocks.Count} inverted residuals, {checkpoint.Tensors[MobileNetV2Family.Classifier + ".weight"].Shape[0]} classes";

    public BuiltModel Build(ModelBuildOptions? options = null)
    {
        options ??= new ModelBuildOptions();
        int height = options.ImageHeight ?? TrainedSize, width = options.ImageWidth ?? TrainedSize;
        if (height < LeastSize || width < LeastSize)
            throw new ArgumentException($"an image of {height}x{width}; the network needs {LeastSize} pixels a side");
        var graph = new GraphBuilder("forward");
        var layers = new Layers(graph);
        var x = graph.Input("image", TensorSpec.Of(ScalarType.Float, [options.Batch, 3, height, width]));
        x = Bounded(layers, Convolution(layers, x, MobileNetV2Family.First + ".0", MobileNetV2Family.First + ".1", 2));
        foreach (var block in blocks)
            x = Block(layers, x, block);
        x = Bounded(layers, Convolution(layers, x, MobileNetV2Family.Last + ".0", MobileNetV2Family.Last + ".1", 1));
        x = layers.View(layers.Builder.Call("aten::mean.dim", x, new long[] { 2, 3 }, true), options.Batch, x.Spec.Sizes[1].Value);
        graph.Output(layers.Linear(x, Weight(MobileNetV2Family.Classifier + ".weight"), Weight(MobileNetV2Family.Classifier + ".bias"), MobileNetV2Family.Classifier), "logits");
        return new BuiltModel(Name, [new ModelProgram("model", graph.Build())], new ModelManifest
        {
            Name = Name,
            Family = Family,
            Source = checkpoint.Name,
            SourceSha256 = checkpoint.ComputeSha256(),
            // Nearest to torchvision's preset, which takes the centre 224 of a picture whose short side was scaled to 256.
            Image = new ImageInput(height, width) { Resize = height == width ? "crop" : "squash", Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] },
        });
    }

    private Value Block(Layers layers, Value input, InvertedResidual block)
    {
        var x = input;
        if (block.Expansion != 1)
            x = Bounded(layers, Convolution(layers, x, block.Prefix + "conv.0.0", block.Prefix + "conv.0.1", 1));
        x = Bounded(layers, Convolution(layers, x, block.Depthwise + "0", block.Depthwise + "1", block.Stride, block.Hidden));
        x = Convolution(layers, x, block.Projection, block.ProjectionNorm, 1);
        return block.IsResidual ? layers.Add(input, x) : x;
    }

    private Value Convolution(Layers layers, Value x, string name, string norm, long stride, long groups = 1)
    {
        var (weight, bias) = BatchNormFold.Apply(checkpoint, name, norm, Epsilon);
        long padding = weight.Sizes[^1] / 2;
        return layers.Convolution(x, weight, bias, [stride, stride], [padding, padding], name, groups);
    }

    // ReLU6
    private static Value Bounded(Layers layers, Value x) => layers.Builder.Call("aten::hardtanh", x, 0.0, 6.0);

    private Tensor Weight(string key) => Weights.Float(checkpoint.Tensors[key]);
}
