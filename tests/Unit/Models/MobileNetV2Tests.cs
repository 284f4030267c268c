using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Models;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Tests.Unit.Models;

/// <summary>MobileNetV2 with torchvision's keys; narrow, with weights that make the result known.</summary>
public sealed class MobileNetV2Tests
{
    // torchvision's cfg: expansion, channels, blocks, stride; here a quarter of the channels.
    private static readonly (int T, int C, int N)[] Settings = [(1, 4, 1), (6, 6, 2), (6, 8, 3), (6, 16, 4), (6, 24, 3), (6, 40, 3), (6, 80, 1)];

    [Fact]
    public void Any_width_is_recognised_and_halves_the_image_five_times()
    {
        using var checkpoint = Made(Tensors());
        var model = ModelRegistry.Default.Detect(checkpoint);
        Assert.Equal("MobileNetV2", model.Name);
        var graph = model.Build(new ModelBuildOptions { ImageHeight = 64, ImageWidth = 96 }).Programs[0].Graph;
        Assert.Equal([1, 3, 64, 96], graph.Inputs[0].Value.Spec.MaxSizes);
        Assert.Equal(52, graph.Nodes.Count(n => n.Op == "aten::convolution"));
        Assert.Equal(10, graph.Nodes.Count(n => n.Op == "aten::add.Tensor"));
        Assert.Contains(graph.Nodes, n => n.Output.Spec.MaxSizes.AsSpan().SequenceEqual([1, 320, 2, 3]));
        // The last normalisation has weight 0 and bias 9, ReLU6 makes it 6; the classifier's rows are 0, 1/320 and 2/320.
        var logits = GraphInterpreter.Run(graph, [Tensor.Empty(ScalarType.Float, [1, 3, 64, 96])], KernelContext.SingleThreaded())[0].AsTensor().Span<float>();
        Assert.Equal([0f, 6f, 12f], logits.ToArray().Select(l => MathF.Round(l, 4)));
    }

    [Fact]
    public void Wrong_and_missing_tensors_are_listed()
    {
        var tensors = Tensors();
        tensors.Remove("features.5.conv.1.1.running_mean");
        tensors["features.9.conv.2.weight"] = Tensor.Empty(ScalarType.Float, [16, 5, 1, 1]);
        using var checkpoint = Made(tensors);
        var error = Assert.Throws<ModelFormatException>(() => ModelRegistry.Default.Detect(checkpoint));
        Assert.Contains("1 missing: features.5.conv.1.1.running_mean [48]", error.Found, StringComparison.Ordinal);
        Assert.Contains("1 misshapen: features.9.conv.2.weight [16, 5, 1, 1] instead of [16, 96, 1, 1]", error.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_blocks_are_another_architecture()
    {
        var tensors = Tensors().Where(t => !t.Key.StartsWith("features.18.", StringComparison.Ordinal)).ToDictionary(t => t.Key, t => t.Value);
        using var checkpoint = Made(tensors);
        Assert.Throws<UnsupportedModelException>(() => ModelRegistry.Default.Detect(checkpoint));
    }

    private static Checkpoint Made(Dictionary<string, Tensor> tensors)
    {
        using var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream, tensors);
        var file = SafeTensorsFile.Parse(stream.ToArray());
        return new Checkpoint("made", file.Tensors, null, file);
    }

    private static Dictionary<string, Tensor> Tensors()
    {
        var tensors = new Dictionary<string, Tensor>();
        void Layer(string convolution, string norm, int outputs, int inputs, int kernel, float weight = 1, float bias = 0)
        {
            tensors[convolution + ".weight"] = Tensor.Empty(ScalarType.Float, [outputs, inputs, kernel, kernel]);
            foreach (var (key, value) in new[] { ("weight", weight), ("bias", bias), ("running_mean", 0f), ("running_var", 1f) })
                tensors[$"{norm}.{key}"] = Filled(value, outputs);
            tensors[norm + ".num_batches_tracked"] = Tensor.From<long>([1]);
        }
        Layer("features.0.0", "features.0.1", 8, 3, 3);
        int inputs = 8, index = 0;
        foreach (var (t, c, n) in Settings)
            for (int i = 0; i < n; i++, inputs = c)
            {
                string p = $"features.{++index}.conv.";
                int step = t == 1 ? 0 : 1;
                if (step == 1)
                    Layer(p + "0.0", p + "0.1", inputs * t, inputs, 1);
                Layer($"{p}{step}.0", $"{p}{step}.1", inputs * t, 1, 3);
                Layer($"{p}{step + 1}", $"{p}{step + 2}", c, inputs * t, 1);
            }
        Layer("features.18.0", "features.18.1", 320, inputs, 1, weight: 0, bias: 9);
        tensors["classifier.1.weight"] = Tensor.From<float>([.. Enumerable.Range(0, 3 * 320).Select(i => i / 320 / 320f)], 3, 320);
        tensors["classifier.1.bias"] = Filled(0, 3);
        return tensors;
    }

    private static Tensor Filled(float value, int count) => Tensor.From<float>([.. Enumerable.Repeat(value, count)], count);
}
