using ExecuSharp.Conversion;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>A model that refuses random integers, as it divides by them, is compared on ones: its outputs and its layers.</summary>
public sealed class SampleInputTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("execusharp").FullName;

    [Fact]
    public void Layers_are_compared_on_the_inputs_that_the_outputs_are_compared_on()
    {
        string source = Path.Combine(folder, "integer_ops.pt2");
        using (var zip = Corpus.Open("pt2.zip"))
            File.WriteAllBytes(source, Corpus.Read(zip, "models/integer_ops/model.pt2"));
        var program = ModelConverter.Convert(source, null, new ConvertOptions { Layers = true }).Programs.Single();
        Assert.Equal(1, program.Comparison.Rounds);
        Assert.Contains(program.Layers, l => l.Operator == "aten::div.Tensor_mode");
        Assert.All(program.Layers, l => Assert.Equal(0, l.Gap.MaxAbs));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
