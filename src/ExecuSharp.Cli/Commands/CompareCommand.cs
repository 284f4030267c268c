using System.CommandLine;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Output;
using ExecuSharp.Cli.Pages;
using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Runtime;
using ExecuSharp.Sources;
using ExecuSharp.Tensors;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>compare</c>: two models on the same inputs.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var a = new Argument<string>("A") { Description = "A source model or a program." };
        var b = new Argument<string>("B") { Description = "A source model or a program." };
        var inputs = new Option<string?>("--inputs") { Description = "Inputs in a .safetensors, .npz or .npy file." };
        var random = new Option<int>("--random") { Description = "Number of random inputs.", DefaultValueFactory = _ => 4 };
        var seed = new Option<int>("--seed") { Description = "Seed of the random inputs.", DefaultValueFactory = _ => 1 };
        var minimum = new Option<double?>("--min-cosine") { Description = "Fail below this cosine." };
        var program = new Option<string?>("--program") { Description = "Which program of a source with several (vision, text)." };
        var report = ReportFile.Option();
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace an existing report." };
        var layers = new Option<bool>("--layers") { Description = "The gap behind every operator of source A, compiled with every value as an output; worst first." };
        var command = new Command("compare", "Compare two models on the same inputs. Example: execusharp compare model.pt2 model.pte --layers") { a, b, inputs, random, seed, minimum, program, layers, report, overwrite };
        return CommonOptions.Attach(command, (result, reporter, cancellation) =>
        {
            var page = ReportFile.Of(result.GetValue(report), result.GetValue(overwrite));
            if (result.GetValue(random) < 1)
                throw new UsageException("--random needs a number of 1 or more");
            string? part = result.GetValue(program);
            using var first = Open(result.GetValue(a)!, part, out var graph);
            using var second = Open(result.GetValue(b)!, part, out _);
            var sets = result.GetValue(inputs) is { } file ? [FromFile(file, first)] : ModelComparison.RandomInputs(first, result.GetValue(random), result.GetValue(seed));
            reporter.Report("compare");
            var comparison = ModelComparison.Run(first, second, sets, cancellation);
            IReadOnlyList<LayerGap> gaps = [];
            if (result.GetValue(layers))
            {
                if (graph is null)
                    throw new UsageException("--layers needs a source model (.pt2, .onnx, checkpoint) as A");
                gaps = LayerComparison.Run(graph, new CompileOptions(), sets.First(), KernelContext.SingleThreaded());
            }
            var document = new JsonObject
            {
                ["a"] = comparison.First,
                ["b"] = comparison.Second,
                ["rounds"] = comparison.Rounds,
                ["outputs"] = JsonText.Array(comparison.Outputs, ConversionText.Similarity),
                ["layers"] = JsonText.Array(gaps, ConversionText.Layer),
            };
            page?.Write(ComparisonPage.Write(comparison, result.GetValue(a)!, result.GetValue(b)!, gaps, result.GetValue(minimum)));
            if (page is not null)
                document["report"] = page.Path;
            reporter.Result("compare", document, r =>
            {
                Write(r, comparison, gaps);
                page?.Announce(r);
            });
            return result.GetValue(minimum) is { } limit && comparison.Worst.Cosine < limit ? ExitCodes.CheckFailed : ExitCodes.Done;
        });
    }

    private static void Write(Reporter reporter, ModelComparison comparison, IReadOnlyList<LayerGap> gaps)
    {
        reporter.Table([$"{comparison.Rounds} inputs", "cosine", "SQNR", "max. diff.", "top-1"], comparison.Outputs.Select((o, i) => new[]
        {
            $"output {i}", Units.Cosine(o.Cosine), Units.Decibels(o.Sqnr), Units.Small(o.MaxAbs), o.TopAgrees ? "agrees" : "differs",
        }));
        if (gaps.Count > 0)
            ConversionText.Layers(reporter, gaps);
    }

    private static Tensor[] FromFile(string path, IExecutable model)
    {
        var tensors = TensorFiles.ForInputs(TensorFiles.Read(path), model.Inputs.Count);
        int missing = Array.IndexOf(tensors, null);
        return missing < 0 ? Array.ConvertAll(tensors, t => t!) : throw new ModelFormatException($"input {missing}", $"a tensor named in.{missing} or {missing}", "none", path);
    }

    private static IExecutable Open(string path, string? part, out Graphs.Graph? graph)
    {
        graph = null;
        if (FileKinds.Detect(path) is FileKind.Pte or FileKind.BundledProgram)
            return new ProgramExecutable(Runtime.Program.Load(path), null, path);
        var model = ModelImporter.Import(path);
        var found = part is null ? model.Graphs[0] : model.Graphs.FirstOrDefault(g => g.Program == part);
        if (found.Graph is null)
            throw new UsageException($"--program {part}: {path} has {string.Join(", ", model.Graphs.Select(g => g.Program))}");
        graph = found.Graph;
        return new GraphExecutable(found.Graph, KernelContext.SingleThreaded(), path, model);
    }
}
