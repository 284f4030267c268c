using ExecuSharp.Compiler;
using ExecuSharp.Comparison;
using ExecuSharp.Conversion;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Runtime;
using ExecuSharp.Tests.Conformance.Pt2;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>Several sources in one program: each method gives what PyTorch gave, and equal weights are stored once.</summary>
public sealed class SeveralMethodsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("execusharp").FullName;

    [Theory]
    [InlineData(CompileBackend.Portable, false)]
    [InlineData(CompileBackend.Xnnpack, false)]
    [InlineData(CompileBackend.Portable, true)]
    public void Each_method_gives_the_outputs_of_its_source(CompileBackend backend, bool externalWeights)
    {
        string both = Path.Combine(folder, "both.pte");
        var options = new ConvertOptions { Compile = new CompileOptions { Backend = backend, ExternalWeights = externalWeights } };
        var report = ModelConverter.ConvertMethods([new("score", Extract("mlp")), new("digits", Extract("lenet")), new("again", Extract("mlp"))], both, options);
        Assert.Equal(["score", "digits", "again"], report.Programs.Select(p => p.Name));
        Assert.True(report.LowestCosine > 0.9999);
        foreach (var (method, model) in new[] { ("score", "mlp"), ("digits", "lenet"), ("again", "mlp") })
        {
            string? data = externalWeights ? Path.ChangeExtension(both, ".ptd") : null;
            using var program = new ProgramExecutable(data is null ? Program.Load(both) : Program.Load(File.ReadAllBytes(both), null, File.ReadAllBytes(data)), method, method);
            using var io = Recorded(model);
            var outputs = program.Run(Pt2Runs.Numbered(io, "in.0."));
            Assert.Null(TensorComparison.Compare(outputs[0], io.GetTensor("out.0.0"), 1e-4, 1e-5));
        }
    }

    [Fact]
    public void Equal_weights_are_stored_once()
    {
        string source = Extract("lenet"), one = Path.Combine(folder, "one.pte"), two = Path.Combine(folder, "two.pte");
        ModelConverter.Convert(source, one);
        ModelConverter.ConvertMethods([new("a", source), new("b", source)], two);
        long weights = File.ReadAllBytes(one).Length;
        Assert.InRange(new FileInfo(two).Length, weights, weights * 1.1);
    }

    [JudgeFact]
    public void The_official_runtime_runs_each_method()
    {
        string both = Path.Combine(folder, "both.pte");
        ModelConverter.ConvertMethods([new("score", Extract("mlp")), new("digits", Extract("lenet"))], both);
        foreach (var (method, model) in new[] { ("score", "mlp"), ("digits", "lenet") })
        {
            using var io = Recorded(model);
            string given = Path.Combine(folder, model + ".in.safetensors"), made = Path.Combine(folder, model + ".out.safetensors");
            SafeTensorsWriter.Write(given, [KeyValuePair.Create("in.0", io.GetTensor("in.0.0"))]);
            var (code, text) = Judge.Run("run", both, "--method", method, "--inputs", given, "--outputs", made, "--quiet");
            Assert.True(code == 0, text);
            using var outputs = SafeTensorsFile.Open(made);
            Assert.Null(TensorComparison.Compare(outputs.GetTensor("out.0"), io.GetTensor("out.0.0"), 1e-4, 1e-5));
        }
    }

    [Fact]
    public void A_name_may_not_be_given_twice_and_a_program_must_exist()
    {
        string source = Extract("mlp"), output = Path.Combine(folder, "x.pte");
        Assert.Throws<ArgumentException>(() => ModelConverter.ConvertMethods([new("a", source), new("a", source)], output));
        Assert.Throws<Core.ModelFormatException>(() => ModelConverter.ConvertMethods([new("a", source, "vision")], output));
        Assert.Equal(new MethodSource("a", "model.pt", "vision"), MethodSource.Parse("a=model.pt:vision"));
        Assert.Throws<FormatException>(() => MethodSource.Parse("model.pt2"));
        Assert.False(File.Exists(output));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Extract(string model)
    {
        string path = Path.Combine(folder, model + ".pt2");
        using var zip = Corpus.Open("pt2.zip");
        File.WriteAllBytes(path, Corpus.Read(zip, $"models/{model}/model.pt2"));
        return path;
    }

    private static SafeTensorsFile Recorded(string model)
    {
        using var zip = Corpus.Open("pt2.zip");
        return SafeTensorsFile.Parse(Corpus.Read(zip, $"models/{model}/io.safetensors"));
    }
}
