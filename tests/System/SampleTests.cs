using ExecuSharp.Tensors;
using ExecuSharp.Tools;

namespace ExecuSharp.Tests.System;

/// <summary>The sample program, published trimmed into one file, runs a program file. Any trim or AOT warning fails the publishing.</summary>
public sealed class SampleTests
{
    [Fact]
    public void A_trimmed_program_runs_a_pte()
    {
        string folder = Tool.TemporaryFolder();
        string model = Path.Combine(Tool.Samples, "vision_xnnpack.bpte");
        var published = Tool.Start("dotnet", ["publish", Path.Combine(Repository.Root, "samples", "RunProgram"), "-c", "Release", "--use-current-runtime", "--artifacts-path", Path.Combine(folder, "build"), "-o", Path.Combine(folder, "out"), "-nodeReuse:false"]);
        Assert.True(published.Code == 0, published.Output + published.Error);
        string program = Path.Combine(folder, "out", OperatingSystem.IsWindows() ? "run-program.exe" : "run-program");
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "out"), "*.dll"));
        Assert.True(new FileInfo(program).Length < 25 << 20, $"{new FileInfo(program).Length} bytes");

        using var module = Runtime.Module.Load(model);
        var input = module.Method().GetInput(0).AsTensor();
        float first = module.Forward(SampleInputs.Ones(input.Type, input.Sizes))[0].AsTensor().Span<float>()[0];
        var (code, output, error) = Tool.Start(program, [model]);
        Assert.True(code == 0, error);
        Assert.StartsWith($"output 0: Float[1, 96] {first:G6}, ", output, StringComparison.Ordinal);
        var refused = Tool.Start(program, [Path.Combine(Repository.Root, "README.md")]);
        Assert.Equal(1, refused.Code);
        Assert.Contains("expected the identifier ET12", refused.Error, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
