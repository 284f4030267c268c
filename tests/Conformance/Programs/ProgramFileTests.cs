using System.IO.Compression;
using ExecuSharp.Core;
using ExecuSharp.Formats.FlatTensor;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.Programs;

/// <summary>Forms of program files that releases of ExecuTorch write, and weights beside the program, with what the official runtime gives.</summary>
public sealed class ProgramFileTests : IDisposable
{
    private readonly ZipArchive files = Corpus.Open("programs.zip");

    [Fact]
    public void Every_form_of_file_runs_as_recorded_or_is_refused()
    {
        int refused = 0;
        foreach (string folder in files.Entries.Where(e => e.Name == "file.pte").Select(e => e.FullName[..^"file.pte".Length]))
        {
            // Constants inside the program are no longer read by new releases; they have the weights of the others.
            string recorded = folder.Contains("p_inline_constants", StringComparison.Ordinal) ? "probes/p_header32/" : folder;
            if (files.GetEntry(recorded + "outputs.safetensors") is null)
            {
                Assert.Throws<ModelFormatException>(() => Method(Load(folder + "file.pte", [])));
                refused++;
                continue;
            }
            using var program = Load(folder + "file.pte", files.GetEntry(folder + "file.ptd") is null ? [] : [folder + "file.ptd"]);
            AssertRuns(program, folder + "inputs.safetensors", recorded + "outputs.safetensors", "");
        }
        Assert.Equal(4, refused);
    }

    [Theory]
    [InlineData("0.6.0/mlp/portable")]
    [InlineData("0.6.0/vit_block/xnnpack")]
    [InlineData("0.7.0/vit_block/xnnpack")]
    [InlineData("1.2.0/vit_block/xnnpack")]
    public void Weights_come_from_the_file_beside_the_program(string model)
    {
        var (release, name, backend) = model.Split('/') is [var r, var n, var b] ? (r, n, b) : default;
        string folder = $"files/{release}/{name}/";
        using var program = Load($"{folder}{backend}_ext.pte", [$"{folder}{backend}_ext._default_external_constant.ptd"]);
        AssertRuns(program, $"inputs/{name}.safetensors", folder + "outputs.safetensors", backend + ".");
        Assert.Equal(release == "0.6.0", FlatTensorFile.Read(new ByteSource(Corpus.Read(files, $"{folder}{backend}_ext._default_external_constant.ptd"))).IsLegacy);
    }

    [Fact]
    public void Missing_doubled_and_other_weights_are_refused()
    {
        const string Program = "probes/p_external_constants/file.pte", Data = "probes/p_external_constants/file.ptd";
        Assert.Equal(ErrorCode.InvalidState, Assert.Throws<ExecuTorchException>(() => Method(Load(Program, []))).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<ExecuTorchException>(() => Method(Load(Program, [Data, Data]))).Code);
        var entries = FlatTensorFile.Read(new ByteSource(Corpus.Read(files, Data))).Entries;
        var other = new MemoryStream();
        FlatTensorFile.Write([.. entries.Select(e => (e.Key, ScalarType.Float, new[] { 1 }, new byte[] { 0 }, (ReadOnlyMemory<byte>)new byte[4]))], other);
        Assert.Equal(ErrorCode.InvalidExternalData, Assert.Throws<ExecuTorchException>(() => Method(Runtime.Program.Load(Corpus.Read(files, Program), null, other.ToArray()))).Code);
    }

    [Fact]
    public void A_written_data_file_has_its_tensors()
    {
        byte[] first = [1, 2, 3, 4, 5, 6, 7, 8], second = [9];
        var stream = new MemoryStream();
        FlatTensorFile.Write([("a", ScalarType.Float, [2, 1], [1, 0], first), ("b", ScalarType.Byte, [1], [0], second)], stream);
        var file = FlatTensorFile.Read(new ByteSource(stream.ToArray()));
        Assert.Equal(["a", "b"], file.Entries.Select(e => e.Key));
        Assert.Equal(first, file.BytesOf(file.Entries[0]).ToArray());
        Assert.Equal(second, file.BytesOf(file.Entries[1]).ToArray());
        Assert.Equal([2, 1], file.Entries[0].Layout!.Sizes);
        Assert.Equal([1, 0], file.Entries[0].Layout!.DimOrder);
        Assert.Throws<ModelFormatException>(() => FlatTensorFile.Read(new ByteSource(stream.ToArray()[..40])));
    }

    /// <inheritdoc/>
    public void Dispose() => files.Dispose();

    private static void Method(Program program)
    {
        using (program)
            program.LoadMethod(program.MethodNames[0]).Dispose();
    }

    private Program Load(string program, string[] data) => Runtime.Program.Load(Corpus.Read(files, program), new RuntimeOptions { Threads = 1 }, [.. data.Select(d => (ReadOnlyMemory<byte>)Corpus.Read(files, d))]);

    private void AssertRuns(Program program, string inputs, string outputs, string prefix)
    {
        using var given = SafeTensorsFile.Parse(Corpus.Read(files, inputs));
        using var expected = SafeTensorsFile.Parse(Corpus.Read(files, outputs));
        using var method = program.LoadMethod(program.MethodNames[0]);
        for (int set = 0; given.Names.Contains($"{set}.0"); set++)
        {
            for (int i = 0; given.Names.Contains($"{set}.{i}"); i++)
                method.SetInput(i, EValue.Of(given.GetTensor($"{set}.{i}")));
            method.Execute();
            int compared = 0;
            for (; expected.Names.Contains($"{prefix}{set}.{compared}"); compared++)
                Assert.Null(Pt2.TensorComparison.Compare(method.GetOutput(compared).AsTensor(), expected.GetTensor($"{prefix}{set}.{compared}"), 1e-4, 1e-5));
            Assert.True(compared > 0, $"{outputs}: set {set}");
        }
    }
}
