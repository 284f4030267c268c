using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Pt2;
using ExecuSharp.Inspection;
using ExecuSharp.Kernels;
using ExecuSharp.Runtime;
using ExecuSharp.Tests.Conformance.Pt2;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>Quantized graphs become the same XNNPACK nodes as in the official programs, and give what the quantized graph gave.</summary>
public sealed class QuantizedConversionTests
{
    // What moves or only changes the form of data may differ: we write less of it.
    private static readonly string[] Free = ["Convert", "StaticTranspose", "StaticReshape", "Clamp", "Copy"];

    // The largest differences that the records state between the quantized graph and delegates.
    private static double Tolerance(string model) => model switch
    {
        "cnn_int8" => 0.006,
        "lin_dyn8" => 0.02,
        _ => 0.005,
    };

    [Theory]
    [InlineData("1.0.0", "cnn_int8", "Conv2d(QInt8, QCInt8, QCInt32) -> QInt8; DepthwiseConv2d(QInt8, QCInt8, QCInt32) -> QInt8; FullyConnected(QInt8, QCInt8, QCInt32) -> QInt8; GlobalAvgPooling2d(QInt8) -> QInt8")]
    [InlineData("0.4.0", "lin_dyn8", "FullyConnected(QDInt8, QCInt8, Fp32) -> Fp32")]
    [InlineData("0.6.0", "lin_int4", "FullyConnected(QDInt8, QBInt4, Fp32) -> Fp32")]
    [InlineData("1.4.1", "lin_int4", "FullyConnected(QDInt8, QBInt4, Fp32) -> Fp32")]
    public void Packed_programs_are_one_delegate_on_codes(string release, string model, string nodes)
    {
        using var zip = Corpus.Open("pt2.zip");
        string folder = $"versions/files/{release}/{model}/";
        using var inputs = SafeTensorsFile.Parse(Corpus.Read(zip, $"versions/inputs/{model}.safetensors"));
        using var outputs = SafeTensorsFile.Parse(Corpus.Read(zip, folder + "outputs.safetensors"));
        var program = Compile(Pt2Runs.Import(Corpus.Read(zip, folder + "program.pt2")), ExecuTorchRelease.Latest);
        Assert.Equal(nodes, Work(program));
        var method = Assert.Single(ProgramInspection.Of(Read(program)).Methods);
        Assert.Empty(method.Operators);
        Assert.Single(method.Delegates);
        Assert.Null(Difference(program, model, inputs, outputs));
    }

    [Theory]
    [InlineData("1.0.0", "cnn_int8", "0.4", 0, 0)]
    [InlineData("1.0.0", "cnn_int8", "0.6", 6, 0)]
    [InlineData("1.0.0", "cnn_int8", "0.7", 6, 6)]
    [InlineData("0.4.0", "lin_dyn8", "0.4", 0, 0)]
    [InlineData("0.4.0", "lin_dyn8", "0.7", 2, 1)]
    [InlineData("1.4.1", "lin_int4", "0.7", 2, 1)]
    public void Weights_and_scales_are_where_the_release_looks_for_them(string release, string model, string target, int weights, int scales)
    {
        using var zip = Corpus.Open("pt2.zip");
        string folder = $"versions/files/{release}/{model}/";
        using var inputs = SafeTensorsFile.Parse(Corpus.Read(zip, $"versions/inputs/{model}.safetensors"));
        using var outputs = SafeTensorsFile.Parse(Corpus.Read(zip, folder + "outputs.safetensors"));
        Assert.True(ExecuTorchRelease.TryParse(target, out var known));
        var program = Compile(Pt2Runs.Import(Corpus.Read(zip, folder + "program.pt2")), known);
        var names = Read(program).NamedData.Select(n => n.Key).ToList();
        Assert.Equal(scales, names.Count(n => n.StartsWith("scale_", StringComparison.Ordinal)));
        Assert.Equal(weights, names.Count(n => !n.StartsWith("scale_", StringComparison.Ordinal)));
        Assert.Null(Difference(program, model, inputs, outputs));
    }

    [Fact]
    public void Groups_of_four_bits_stay_outside_where_no_runtime_computes_them_rightly()
    {
        using var zip = Corpus.Open("pt2.zip");
        var graph = Pt2Runs.Import(Corpus.Read(zip, "versions/files/0.6.0/lin_int4/program.pt2"));
        Assert.True(ExecuTorchRelease.TryParse("0.6", out var old));
        Assert.DoesNotContain("QBInt4", Work(Compile(graph, old)), StringComparison.Ordinal);
    }

    [SharedFact]
    public void Programs_of_every_release_have_the_nodes_of_the_official_ones()
    {
        int count = 0;
        string versions = SharedFolder.Get("conformance", "versions");
        foreach (string file in Directory.GetFiles(Path.Combine(versions, "files"), "program.pt2", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string folder = Path.GetDirectoryName(file)!, model = Path.GetFileName(folder), official = Path.Combine(folder, "xnnpack.pte");
            if (model is not ("cnn_int8" or "lin_dyn8" or "lin_int4") || !File.Exists(official))
                continue;
            count++;
            var program = Compile(Pt2Importer.Import(file), ExecuTorchRelease.Latest);
            // Release 0.5 takes the choice of scales apart and leaves the weight as floats.
            if (!folder.Contains(Path.Combine("0.5.0", "lin_int4"), StringComparison.Ordinal))
                Assert.Equal(Work(File.ReadAllBytes(official)), Work(program));
            using var inputs = SafeTensorsFile.Open(Path.Combine(versions, "inputs", model + ".safetensors"));
            using var outputs = SafeTensorsFile.Open(Path.Combine(folder, "outputs.safetensors"));
            Assert.Null(Difference(program, model, inputs, outputs));
        }
        Assert.True(count >= 20, $"{count} programs");
    }

    [SharedTheory]
    [InlineData("mlp")]
    [InlineData("mobilenet_v2")]
    public void Models_have_the_nodes_and_outputs_of_the_official_programs(string model)
    {
        var (ours, official) = Pair(model);
        Assert.Equal(Work(official), Work(ours));
        Assert.Single(ProgramInspection.Of(Read(ours)).Methods[0].Delegates);
        using var first = new ProgramExecutable(Program.Load(ours), null, "ours");
        using var second = new ProgramExecutable(Program.Load(official), null, "official");
        Assert.Equal(0, ModelComparison.Run(first, second, ModelComparison.RandomInputs(first, 3, 1)).Worst.MaxAbs);
    }

    [JudgeTheory]
    [InlineData("mlp", "1")]
    [InlineData("mobilenet_v2", "1")]
    [InlineData("attention_pool", "0.999")]
    public void The_official_runtime_gives_for_ours_what_it_gives_for_the_official_program(string model, string cosine)
    {
        string folder = Directory.CreateTempSubdirectory("execusharp").FullName, first = Path.Combine(folder, "ours.pte"), second = Path.Combine(folder, "official.pte");
        var (ours, official) = Pair(model);
        File.WriteAllBytes(first, ours);
        File.WriteAllBytes(second, official);
        var (code, text) = cosine == "1" ? Judge.Run("compare", first, second, "--random", "3", "--seed", "1", "--rtol", "0", "--atol", "0") : Judge.Run("compare", first, second, "--random", "3", "--seed", "1", "--rtol", "10", "--atol", "10", "--min-cosine", cosine);
        Assert.True(code == 0, text);
        Directory.Delete(folder, recursive: true);
    }

    private static (byte[] Ours, byte[] Official) Pair(string model)
    {
        using var bundle = ByteSource.Open(SharedFolder.Get("conformance", "models", model, "xnnpack-int8.bpte"));
        return (Compile(Pt2Importer.Import(SharedFolder.Get("conformance", "models", model, "model-int8.pt2")), ExecuTorchRelease.Latest), Formats.BundledProgram.BundledProgramFile.Read(bundle).Program.ToArray());
    }

    private static byte[] Compile(Graph graph, ExecuTorchRelease target) =>
        PteCompiler.Compile([graph], new CompileOptions { Target = target }, KernelContext.SingleThreaded()).ToBytes();

    private static PteProgram Read(byte[] program) => PteReader.Read(new ByteSource(program));

    private static string? Difference(byte[] bytes, string model, SafeTensorsFile inputs, SafeTensorsFile outputs)
    {
        using var program = new ProgramExecutable(Program.Load(bytes), null, model);
        for (int set = 0; inputs.Names.Contains($"{set}.0"); set++)
            if (TensorComparison.Compare(program.Run(Pt2Runs.Numbered(inputs, $"{set}."))[0], outputs.GetTensor($"reference.{set}.0"), 0, Tolerance(model)) is { } difference)
                return $"set {set}: {difference}";
        return null;
    }

    // The nodes that compute, with the types of their values, in alphabetical order.
    private static string Work(byte[] program) => string.Join("; ", ProgramInspection.Of(Read(program)).Methods.SelectMany(m => m.Delegates).SelectMany(d => d.Nodes)
        .Where(n => !Free.Contains(n.Type)).Select(n => $"{n.Type}({string.Join(", ", n.Inputs.Select(i => i.Type))}) -> {string.Join(", ", n.Outputs.Select(o => o.Type))}").Order(StringComparer.Ordinal));
}
