using ExecuSharp.Compiler;
using ExecuSharp.Conversion;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Verification;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>Recorded models through the whole path: converted, run by the official runtime, compared with PyTorch.</summary>
public sealed class ConvertedModelTests
{
    [JudgeTheory]
    [InlineData("mlp")]
    [InlineData("lenet")]
    [InlineData("mobilenet_v2")]
    [InlineData("resnet18")]
    [InlineData("deit_registers")]
    [InlineData("attention_pool")]
    public void Exported_models_match_PyTorch_in_the_official_runtime(string model)
    {
        foreach (var backend in new[] { CompileBackend.Portable, CompileBackend.Xnnpack })
            foreach (string target in new[] { "1.5", "1.0", "0.6" })
            {
                Assert.True(ExecuTorchRelease.TryParse(target, out var release));
                Check(model, "model.pt2", new CompileOptions { Backend = backend, Target = release });
            }
    }

    [JudgeTheory]
    [InlineData("lenet", "model.onnx")]
    [InlineData("lenet", "scripted.pt")]
    [InlineData("lenet", "model.ptl")]
    [InlineData("lenet", "model-opt.ptl")]
    [InlineData("resnet18", "model.onnx")]
    [InlineData("mlp", "traced.pt")]
    [InlineData("cond", "model.onnx")]
    [InlineData("while_loop", "model.onnx")]
    public void Other_forms_of_the_same_models_match_too(string model, string form) => Check(model, form, new CompileOptions());

    [JudgeTheory]
    [InlineData("cond")]
    [InlineData("map_rows")]
    [InlineData("while_loop")]
    public void Control_flow_matches_on_every_recorded_input(string model)
    {
        foreach (var backend in new[] { CompileBackend.Portable, CompileBackend.Xnnpack })
            Check(model, "model.pt2", new CompileOptions { Backend = backend });
    }

    [SharedFact]
    public void The_same_source_gives_the_same_bytes()
    {
        string folder = Directory.CreateTempSubdirectory("execusharp").FullName;
        string source = SharedFolder.Get("conformance", "models", "deit_registers", "model.pt2");
        var first = ModelConverter.Convert(source, Path.Combine(folder, "a.pte"));
        var second = ModelConverter.Convert(source, Path.Combine(folder, "b.pte"));
        Assert.Equal(first.Programs[0].Sha256, second.Programs[0].Sha256);
        Directory.Delete(folder, recursive: true);
    }

    private static void Check(string model, string form, CompileOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("execusharp").FullName;
        string set = SharedFolder.Get("conformance", "models", model), program = Path.Combine(folder, "model.pte");
        using var io = SafeTensorsFile.Open(Path.Combine(set, "io.safetensors"));
        var inputs = io.Names.Where(n => n.StartsWith("in.0.", StringComparison.Ordinal)).ToList();
        var shapes = inputs.ToDictionary(n => n[5..], n => (IReadOnlyList<long>)[.. io.GetTensor(n).Sizes.ToArray().Select(s => (long)s)]);
        var import = form.EndsWith(".pt2", StringComparison.Ordinal) ? new Sources.ImportOptions() : new Sources.ImportOptions { InputShapes = shapes };
        ModelConverter.Convert(Path.Combine(set, form), program, new ConvertOptions { Compile = options, Import = import, MinSimilarity = 0.9999 });
        for (int number = 0; io.Names.Contains($"in.{number}.0") && (number == 0 || form.EndsWith(".pt2", StringComparison.Ordinal)); number++)
            Run(model, form, options, folder, io, number);
        Directory.Delete(folder, recursive: true);
    }

    private static void Run(string model, string form, CompileOptions options, string folder, SafeTensorsFile io, int number)
    {
        string given = Path.Combine(folder, "in.safetensors"), made = Path.Combine(folder, "out.safetensors"), program = Path.Combine(folder, "model.pte");
        string input = $"in.{number}.", output = $"out.{number}.";
        SafeTensorsWriter.Write(given, io.Names.Where(n => n.StartsWith(input, StringComparison.Ordinal)).Select(n => KeyValuePair.Create("in." + n[input.Length..], io.GetTensor(n))));
        var (code, text) = Judge.Run("run", program, "--inputs", given, "--outputs", made, "--quiet");
        Assert.True(code == 0, $"{model} {form} {options.Backend} {options.Target}: {text}");
        using var outputs = SafeTensorsFile.Open(made);
        var tolerance = ExpectationFile.Beside(SharedFolder.Get("conformance", "models", model, "portable.bpte")).For("forward").Tolerance ?? Tolerance.For(ScalarType.Float);
        foreach (string name in io.Names.Where(n => n.StartsWith(output, StringComparison.Ordinal)))
        {
            var difference = TensorComparer.Compare(0, outputs.GetTensor("out." + name[output.Length..]), io.GetTensor(name), tolerance);
            Assert.True(difference.Outside == 0, $"{model} {form} {options.Backend} {options.Target}: {difference.FirstOutside}");
        }
    }
}
