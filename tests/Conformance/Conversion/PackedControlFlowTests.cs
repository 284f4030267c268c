using System.Text.Json;
using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Kernels;
using ExecuSharp.Runtime;
using ExecuSharp.Tests.Conformance.Pt2;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>Recorded programs with control flow, compiled, give in our runtime what PyTorch gave.</summary>
public sealed class PackedControlFlowTests
{
    [Theory]
    [InlineData("cond")]
    [InlineData("map_rows")]
    [InlineData("while_loop")]
    public void Programs_with_jumps_give_the_eager_outputs(string model)
    {
        using var zip = Corpus.Open("pt2.zip");
        string folder = $"models/{model}/";
        using var io = SafeTensorsFile.Parse(Corpus.Read(zip, folder + "io.safetensors"));
        using var tolerance = JsonDocument.Parse(Corpus.Read(zip, folder + "tolerance.json"));
        double rtol = tolerance.RootElement.GetProperty("rtol").GetDouble(), atol = tolerance.RootElement.GetProperty("atol").GetDouble();
        var graph = Pt2Runs.Import(Corpus.Read(zip, folder + "model.pt2"));
        foreach (var backend in new[] { CompileBackend.Portable, CompileBackend.Xnnpack })
        {
            var bytes = PteCompiler.Compile([graph], new CompileOptions { Backend = backend }, KernelContext.SingleThreaded()).ToBytes();
            using var program = new ProgramExecutable(Program.Load(bytes), null, model);
            int sets = 0;
            for (; io.Names.Contains($"in.{sets}.0"); sets++)
            {
                var outputs = program.Run(Pt2Runs.Numbered(io, $"in.{sets}."));
                for (int k = 0; k < outputs.Count; k++)
                    Assert.Null(TensorComparison.Compare(outputs[k], io.GetTensor($"out.{sets}.{k}"), rtol, atol));
            }
            Assert.True(sets >= 2);
        }
    }
}
