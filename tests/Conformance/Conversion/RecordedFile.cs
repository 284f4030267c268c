using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Conversion;
using ExecuSharp.Core;
using ExecuSharp.Sources;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>A recorded file through the whole conversion, its program judged by the recorded outputs.</summary>
/// <param name="Path">The file.</param>
/// <param name="Cases">Inputs and outputs; only those with the shapes of the first are run.</param>
/// <param name="Atol">Absolute tolerance.</param>
/// <param name="Rtol">Relative tolerance.</param>
internal sealed record RecordedFile(string Path, IReadOnlyList<(Tensor[] Inputs, Tensor[] Outputs)> Cases, double Atol, double Rtol)
{
    /// <summary>Inputs that are numbers.</summary>
    public IReadOnlyDictionary<string, Tensor> Numbers { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>XNNPACK rounds quantized sums in its own way; PyTorch's values are those of the portable kernels.</summary>
    public CompileBackend Backend { get; init; } = CompileBackend.Xnnpack;

    /// <summary>Converts and compares.</summary>
    /// <returns>Null if all outputs match; else why not, with <c>refused: </c> before the message of a refusal.</returns>
    public string? Check(string folder)
    {
        string output = System.IO.Path.Combine(folder, "model.pte");
        ConversionReport report;
        try
        {
            report = ModelConverter.Convert(Path, output, new ConvertOptions { Import = Import(), Compile = new CompileOptions { Backend = Backend }, MinSimilarity = 0.9999, Rounds = 1, Overwrite = true });
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException or ArgumentException)
        {
            return $"refused: {e.Message.ReplaceLineEndings(" ")}";
        }
        catch (Exception e) when (e is SimilarityException or ExecuTorchException)
        {
            return e.Message;
        }
        using var program = new ProgramExecutable(Runtime.Program.Load(report.Programs[0].Path), null, Path);
        string shapes = Shapes(Cases[0].Inputs);
        foreach (var (inputs, outputs) in Cases.Where(c => Shapes(c.Inputs) == shapes))
        {
            var results = program.Run(inputs);
            if (results.Count != outputs.Length)
                return $"{results.Count} outputs instead of {outputs.Length}";
            for (int i = 0; i < outputs.Length; i++)
                if (TorchScript.TorchScriptRun.Difference(outputs[i], results[i], Atol, Rtol) is { } difference)
                    return $"output {i}: {difference}";
        }
        return null;
    }

    private ImportOptions Import() => new()
    {
        InputShapes = Cases[0].Inputs.Select((t, i) => (t, i)).ToDictionary(t => $"{t.i}", t => (IReadOnlyList<long>)[.. t.t.Sizes.ToArray().Select(s => (long)s)]),
        InputTypes = Cases[0].Inputs.Select((t, i) => (t, i)).ToDictionary(t => $"{t.i}", t => t.t.Type),
        Freeze = Numbers,
    };

    private static string Shapes(Tensor[] inputs) => string.Join(", ", inputs.Select(t => t.ToString()));
}
