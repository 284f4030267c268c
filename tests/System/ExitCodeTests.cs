using System.Text.Json;

namespace ExecuSharp.Tests.System;

/// <summary>Exit codes and messages of wrong command lines and bad files.</summary>
public sealed class ExitCodeTests
{
    [Fact]
    public void A_wrong_command_line_is_2()
    {
        Assert.Equal(2, Tool.Run("conwert").Code);
        Assert.Equal(2, Tool.Run("convert", "model.pt2", "--target", "9.9").Code);
        Assert.Equal(2, Tool.Run("convert", "model.pt2", "--input-shape", "a,b").Code);
        Assert.Equal(2, Tool.Run("convert").Code);
        Assert.Equal(2, Tool.Run("convert", "--method", "encode=model.pt2").Code);
        Assert.Equal(2, Tool.Run("convert", "--method", "model.pt2", "-o", "both.pte").Code);
        Assert.Equal(2, Tool.Run("convert", "--method", "a=a.pt2", "--method", "a=b.pt2", "-o", "both.pte").Code);
        Assert.Contains("other.pt2", Tool.Run("convert", "other.pt2", "--method", "a=a.pt2", "-o", "both.pte").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_4_and_is_named()
    {
        var (code, _, error) = Tool.Run("inspect", "nothing-here.pte");
        Assert.Equal(4, code);
        Assert.Contains("nothing-here.pte", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_file_named_pt_is_4_with_place_expected_and_found()
    {
        string folder = Tool.TemporaryFolder(), file = Path.Combine(folder, "model.pt");
        File.WriteAllText(file, "this is no checkpoint, it is text");
        var (code, _, error) = Tool.Run("convert", file);
        Assert.Equal(4, code);
        Assert.Contains("byte 0", error, StringComparison.Ordinal);
        Assert.Contains("expected", error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("PE-Demo-T8-64.text.pte")]
    [InlineData("PE-Demo-T8-64.vision.ptd", "--external-weights")]
    [InlineData("PE-Demo-T8-64.json")]
    public void An_existing_output_is_4_and_stays_as_it_is(string name, params string[] options)
    {
        string folder = Tool.TemporaryFolder(), file = Path.Combine(folder, name);
        File.WriteAllText(file, "mine");
        var (code, _, error) = Tool.Run(["convert", Path.Combine(Tool.Samples, "PE-Demo-T8-64.pt"), "-o", folder, .. options]);
        Assert.Equal(4, code);
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Contains("--overwrite", error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.Single(Directory.GetFiles(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_truncated_program_is_4()
    {
        string folder = Tool.TemporaryFolder(), file = Path.Combine(folder, "cut.bpte");
        var bytes = File.ReadAllBytes(Path.Combine(Tool.Samples, "vision_xnnpack.bpte"));
        File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
        Assert.Equal(4, Tool.Run("verify", file).Code);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_case_altered_by_one_value_is_1_and_names_output_element_expected_and_found()
    {
        string folder = Tool.TemporaryFolder(), file = Path.Combine(folder, "altered.bpte");
        string original = Path.Combine(Tool.Samples, "vision_xnnpack.bpte");
        Assert.Equal(0, Tool.Run("verify", original).Code);
        using (var source = Formats.Io.ByteSource.Open(original))
        {
            var bundle = Formats.BundledProgram.BundledProgramFile.Read(source);
            var test = bundle.Suites[0].Cases[0];
            var output = (Formats.BundledProgram.BundledValue.TensorValue)test.ExpectedOutputs[0];
            var data = output.Data.ToArray();
            BitConverter.TryWriteBytes(data.AsSpan(4), 1234.5f);
            var suite = bundle.Suites[0] with { Cases = [test with { ExpectedOutputs = [output with { Data = data }] }, .. bundle.Suites[0].Cases.Skip(1)] };
            File.WriteAllBytes(file, (bundle with { Suites = [suite] }).ToBytes());
        }
        var (code, text, _) = Tool.Run("verify", file);
        Assert.Equal(1, code);
        Assert.Contains("output 0: element 1: expected 1234.5, found", text, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Doctor_and_models_answer_in_JSON()
    {
        foreach (string verb in new[] { "doctor", "models" })
        {
            var (code, output, _) = Tool.Run(verb, "--format", "json");
            Assert.Equal(0, code);
            using var document = JsonDocument.Parse(output);
            Assert.Equal($"execusharp.{verb}/1", document.RootElement.GetProperty("schema").GetString());
        }
    }
}
