using ExecuSharp.Core;
using ExecuSharp.Models;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>Seizure networks from their checkpoints against recorded PyTorch outputs, for every recorded length.</summary>
public class SeizureModelTests(ModelData data) : IClassFixture<ModelData>
{
    [Fact]
    public void Packed_checkpoints_give_the_recorded_outputs() => Assert.True(CheckAll(data.Packed) >= 6);

    [SharedFact]
    public void All_checkpoints_give_the_recorded_outputs() => Assert.True(CheckAll(ModelData.Shared) >= 15);

    [SharedFact]
    public void Weights_in_half_precision_are_widened()
    {
        string folder = Path.Combine(ModelData.Shared, "seizure", "deepepi-narrow");
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, "bfloat16.pt"));
        var input = ModelData.Load(Path.Combine(folder, "io.safetensors"))["x_375"];
        var graph = ModelRegistry.Default.Detect(checkpoint).Build(new ModelBuildOptions { InputLength = 375, Batch = input.Sizes[0] }).Programs[0].Graph;
        GraphRun.Close("bfloat16", ModelData.Load(Path.Combine(folder, "half-io.safetensors"))["ybf16_375"], GraphRun.Outputs(graph, input)["logits"], 1e-4);
    }

    [Fact]
    public void A_missing_tensor_is_named() => Refused("missing-key.pt", data.Packed, "1 missing: conv_stack.1.running_var [4]");

    [SharedFact]
    public void An_unexpected_tensor_is_named() => Refused("extra-key.pt", ModelData.Shared, "1 unexpected: ");

    [Fact]
    public void The_input_length_comes_from_the_configuration()
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(data.Packed, "seizure", "deepepi-4k", "numpy-scalars.pt"));
        var model = ModelRegistry.Default.Detect(checkpoint);
        Assert.Equal("DeepEpiCnn", model.Name);
        var built = model.Build();
        Assert.Equal([1, 1, 1125], built.Programs[0].Graph.Inputs[0].Value.Spec.MaxSizes);
        Assert.Equal(1125, built.Manifest.Signal!.Length);
        Assert.Equal(["non-seizure", "seizure"], built.Manifest.Classes);
    }

    [Fact]
    public void A_length_that_is_not_in_the_file_is_asked_for()
    {
        using var bare = Checkpoint.Open(Path.Combine(data.Packed, "seizure", "deepepi-narrow", "data-parallel.pt"));
        var model = ModelRegistry.Default.Detect(bare);
        Assert.Contains("length", Assert.Throws<ArgumentException>(() => model.Build()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Build(new ModelBuildOptions { InputLength = 124 }));
        Assert.Equal([1, 1, 125], model.Build(new ModelBuildOptions { InputLength = 125 }).Programs[0].Graph.Inputs[0].Value.Spec.MaxSizes);
    }

    private static void Refused(string file, string root, string found)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(root, "seizure", "deepepi-narrow", file));
        Assert.Contains(found, Assert.Throws<ModelFormatException>(() => ModelRegistry.Default.Detect(checkpoint)).Found, StringComparison.Ordinal);
    }

    private static int CheckAll(string root)
    {
        int count = 0;
        foreach (string folder in Directory.GetDirectories(Path.Combine(root, "seizure")).Order())
        {
            var recorded = ModelData.Load(Path.Combine(folder, "io.safetensors"));
            foreach (string path in Directory.GetFiles(folder, "*.pt").Order().Where(p => Path.GetFileName(p)
                is not ("missing-key.pt" or "extra-key.pt" or "truncated.pt" or "calls-a-function.pt" or "bfloat16.pt" or "scripted.pt" or "traced.pt")))
            {
                Check(path, recorded);
                count++;
            }
        }
        return count;
    }

    private static void Check(string path, Dictionary<string, Tensor> recorded)
    {
        using var checkpoint = Checkpoint.Open(path);
        var model = ModelRegistry.Default.Detect(checkpoint);
        foreach (var (name, input) in recorded.Where(r => r.Key.StartsWith("x_", StringComparison.Ordinal)))
        {
            var expected = recorded["y_" + name[2..]];
            float largest = 1;
            foreach (float value in expected.Span<float>())
                largest = Math.Max(largest, Math.Abs(value));
            var graph = model.Build(new ModelBuildOptions { InputLength = input.Sizes[2], Batch = input.Sizes[0] }).Programs[0].Graph;
            GraphRun.Close($"{path} {name}", expected, GraphRun.Outputs(graph, input).Values.Single(), 1e-4 * largest);
            var one = model.Build(new ModelBuildOptions { InputLength = input.Sizes[2] }).Programs[0].Graph;
            var first = new Tensor(ScalarType.Float, [1, input.Sizes[1], input.Sizes[2]], input.Storage[..(int)(input.ByteLength / input.Sizes[0])]);
            GraphRun.Close($"{path} {name} alone", expected.Span<float>()[..expected.Sizes[1]], GraphRun.Outputs(one, first).Values.Single().Span<float>(), 1e-4 * largest);
        }
    }
}
