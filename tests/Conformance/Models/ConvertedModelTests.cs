using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Models;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>Programs compiled from checkpoints, in this runtime and in the official one, against recorded PyTorch outputs.</summary>
public class ConvertedModelTests(ModelData data) : IClassFixture<ModelData>
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("core_t", "official.pt", CompileBackend.Portable)]
    [InlineData("core_t", "official.pt", CompileBackend.Xnnpack)]
    [InlineData("core_b", "open_clip.safetensors", CompileBackend.Xnnpack)]
    [InlineData("core_g", "official.pt", CompileBackend.Xnnpack)]
    [InlineData("lang_l", "timm.safetensors", CompileBackend.Xnnpack)]
    [InlineData("spatial_s", "timm.safetensors", CompileBackend.Portable)]
    public void Perception_encoders_run_here(string model, string file, CompileBackend backend) =>
        Perception(Path.Combine(data.Packed, "perception-encoder", "models", model), file, backend, RunHere);

    [JudgeFact]
    public void Perception_encoders_run_in_the_official_runtime()
    {
        foreach (string folder in Directory.GetDirectories(Path.Combine(ModelData.Shared, "perception-encoder", "models")).Order())
            foreach (var backend in (ReadOnlySpan<CompileBackend>)[CompileBackend.Portable, CompileBackend.Xnnpack])
                Perception(folder, "official.pt", backend, JudgeRun.First);
    }

    [Theory]
    [InlineData(CompileBackend.Portable)]
    [InlineData(CompileBackend.Xnnpack)]
    public void Seizure_networks_run_here(CompileBackend backend) => Seizure(backend, RunHere);

    [JudgeFact]
    public void Seizure_networks_run_in_the_official_runtime()
    {
        Seizure(CompileBackend.Portable, JudgeRun.First);
        Seizure(CompileBackend.Xnnpack, JudgeRun.First);
    }

    [Fact]
    public void A_vision_tower_is_one_delegate()
    {
        using var checkpoint = Checkpoint.Open(DemoFolder.Get("PE-Demo-T8-64.pt"));
        var graph = ModelRegistry.Default.Detect(checkpoint).Build().Find("vision")!.Graph;
        var options = new CompileOptions { Backend = CompileBackend.Xnnpack };
        var program = PteCompiler.Compile([graph], options, KernelContext.SingleThreaded());
        var method = PteReader.Read(new Formats.Io.ByteSource(program.ToBytes())).Methods[0];
        Assert.True(method.Delegates.Count == 1 && method.Chains[0].Instructions.Count == 1,
            $"{method.Delegates.Count} delegates, {method.Chains[0].Instructions.Count} instructions: {string.Join("; ", program.Reasons.Select(w => $"{w.Key}: {w.Value}"))}");
    }

    private static void Perception(string folder, string file, CompileBackend backend, Func<byte[], Tensor, Tensor> run)
    {
        string name = Path.GetFileName(folder);
        var stages = ModelData.Load(Path.Combine(folder, "stages.safetensors"));
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, file));
        var built = ModelRegistry.Default.Detect(checkpoint).Build();
        var images = ModelData.Image(stages["image_u8"]);
        Compare($"{name} vision {backend}", Compile(built.Find("vision")!.Graph, backend), images, stages.GetValueOrDefault("vision.embedding") ?? stages["vision.features"], run);
        if (built.Find("text") is { } text)
            Compare($"{name} text {backend}", Compile(text.Graph, backend), stages["ids"], stages["text.embedding"], run);
    }

    private void Seizure(CompileBackend backend, Func<byte[], Tensor, Tensor> run)
    {
        foreach (var (folder, file, length) in (ReadOnlySpan<(string, string, int)>)[("deepepi-narrow", "checkpoint-legacy.pt", 375), ("deepepi-4k", "numpy-scalars.pt", 375), ("cnnlstm-small", "state-dict.pt", 375),
            ("cnnlstm-xyz", "state-dict.pt", 375), ("cnn2022", "state-dict.pt", 125)])
        {
            string root = Path.Combine(data.Packed, "seizure", folder);
            var recorded = ModelData.Load(Path.Combine(root, "io.safetensors"));
            using var checkpoint = Checkpoint.Open(Path.Combine(root, file));
            var graph = ModelRegistry.Default.Detect(checkpoint).Build(new ModelBuildOptions { InputLength = length }).Programs[0].Graph;
            Compare($"{folder} {backend}", Compile(graph, backend), recorded[$"x_{length}"], recorded[$"y_{length}"], run);
        }
    }

    private static byte[] Compile(Graph graph, CompileBackend backend) =>
        PteCompiler.Compile([graph], new CompileOptions { Backend = backend }, KernelContext.SingleThreaded()).ToBytes();

    /// <summary>Runs the program with the first and the last recorded input.</summary>
    private static void Compare(string what, byte[] program, Tensor inputs, Tensor outputs, Func<byte[], Tensor, Tensor> run)
    {
        foreach (int i in (ReadOnlySpan<int>)[0, inputs.Sizes[0] - 1])
        {
            var expected = Sample(outputs, i);
            float largest = 1;
            foreach (float value in expected.Span<float>())
                largest = Math.Max(largest, Math.Abs(value));
            GraphRun.Close($"{what} {i}", expected, run(program, Sample(inputs, i)), Tolerance * largest);
        }
    }

    private static Tensor Sample(Tensor batch, int index)
    {
        int bytes = (int)(batch.ByteLength / batch.Sizes[0]);
        int[] sizes = [1, .. batch.Sizes[1..]];
        return new Tensor(batch.Type, sizes, batch.Storage.Slice(index * bytes, bytes));
    }

    private static Tensor RunHere(byte[] program, Tensor input)
    {
        using var module = new Module(Program.Load(program));
        return module.Forward(input)[0].AsTensor().Clone();
    }
}
