using System.CommandLine;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Conversions;
using ExecuSharp.Cli.Output;
using ExecuSharp.Cli.Pages;
using ExecuSharp.Compiler;
using ExecuSharp.Conversion;
using ExecuSharp.Core;
using ExecuSharp.Sources;
using ExecuSharp.Tensors;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>convert</c>: any supported source to <c>.pte</c>, proved against the source.</summary>
internal static class ConvertCommand
{
    private static readonly Dictionary<string, ScalarType> TypeNames = new(StringComparer.Ordinal)
    {
        ["float32"] = ScalarType.Float,
        ["float64"] = ScalarType.Double,
        ["float16"] = ScalarType.Half,
        ["bfloat16"] = ScalarType.BFloat16,
        ["int64"] = ScalarType.Long,
        ["int32"] = ScalarType.Int,
        ["int16"] = ScalarType.Short,
        ["int8"] = ScalarType.Char,
        ["uint8"] = ScalarType.Byte,
        ["bool"] = ScalarType.Bool,
    };

    public static Command Create()
    {
        var sources = new Argument<string[]>("SOURCE") { Description = "A .pt2, .onnx, checkpoint or .safetensors file, or a folder of them.", Arity = ArgumentArity.ZeroOrMore };
        var output = new Option<string?>("--output", "-o") { Description = "A .pte file, or a folder. Default: beside the source." };
        var model = new Option<string?>("--model") { Description = "Architecture of a bare checkpoint, where the tensors do not say." };
        var methods = new Option<string[]>("--method")
        {
            Description = "A method of one program with several: NAME=SOURCE, or NAME=SOURCE:PROGRAM where a source has several programs. Once for each; needs --output FILE.pte. Example: execusharp convert --method encode_image=a.pt2 --method encode_text=b.pt2 -o both.pte",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var shapes = new Option<string[]>("--input-shape") { Description = "Sizes of an input, [NAME or INDEX=]1,3,384,384; once for each input.", Arity = ArgumentArity.ZeroOrMore };
        var dynamic = new Option<string[]>("--dynamic") { Description = "A dimension that stays open: NAME.0=1..8.", Arity = ArgumentArity.ZeroOrMore };
        var freeze = new Option<string?>("--freeze") { Description = "A .safetensors file: the named inputs become constants." };
        var backend = new Option<string>("--backend") { Description = "xnnpack, or portable kernels only.", DefaultValueFactory = _ => "xnnpack" };
        backend.AcceptOnlyFromAmong("xnnpack", "portable");
        var target = new Option<string>("--target") { Description = $"The ExecuTorch release that must load it: {string.Join(", ", ExecuTorchRelease.All)}.", DefaultValueFactory = _ => ExecuTorchRelease.Latest.ToString() };
        var similarity = new Option<double>("--min-similarity") { Description = "Cosine that every output must reach.", DefaultValueFactory = _ => 0.99 };
        var layers = new Option<bool>("--layers") { Description = "Compare behind every operator." };
        var explain = new Option<bool>("--explain") { Description = "Say for each operator outside the delegates why." };
        var external = new Option<bool>("--external-weights") { Description = "Put weights into a .ptd beside the program." };
        var report = ReportFile.Option();
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace existing files." };
        var command = new Command("convert", "Convert a model to .pte and compare it with its source. Example: execusharp convert model.pt2 -o model.pte")
        {
            sources, output, model, methods, shapes, dynamic, freeze, backend, target, similarity, layers, explain, external, report, overwrite,
        };
        return CommonOptions.Attach(command, (result, reporter, cancellation) =>
        {
            if (!ExecuTorchRelease.TryParse(result.GetValue(target)!, out var release))
                throw new UsageException($"--target {result.GetValue(target)}: known releases are {string.Join(", ", ExecuTorchRelease.All)}");
            var page = ReportFile.Of(result.GetValue(report), result.GetValue(overwrite));
            var options = new ConvertOptions
            {
                Import = new ImportOptions
                {
                    ModelName = result.GetValue(model),
                    InputShapes = ParseShapes(result.GetValue(shapes) ?? [], out var types),
                    InputTypes = types,
                    Dynamic = ParseDynamic(result.GetValue(dynamic) ?? []),
                    Freeze = result.GetValue(freeze) is { } file ? TensorFiles.Read(file).ToDictionary(t => t.Key, t => t.Value) : new Dictionary<string, Tensor>(),
                },
                Compile = new CompileOptions
                {
                    Backend = result.GetValue(backend) == "portable" ? CompileBackend.Portable : CompileBackend.Xnnpack,
                    Target = release,
                    ExternalWeights = result.GetValue(external),
                },
                MinSimilarity = result.GetValue(similarity),
                Layers = result.GetValue(layers) || page is not null,
                Overwrite = result.GetValue(overwrite),
            };
            var given = result.GetValue(sources) ?? [];
            if (result.GetValue(methods) is { Length: > 0 } named)
                return Finish(OneProgram(Methods(named, given), result.GetValue(output), options, reporter, cancellation));
            if (given.Length == 0)
                throw new UsageException("a SOURCE or --method NAME=SOURCE is needed");
            return Finish(Each(SourceList.Expand(given, result.GetValue(output)), result.GetValue(output), options, reporter, cancellation));
            int Finish(List<ConversionOutcome> outcomes) => Done(outcomes, options.Compile, (result.GetValue(layers), result.GetValue(explain)), page, reporter);
        });
    }

    private static List<ConversionOutcome> Each(List<string> sources, string? output, ConvertOptions options, Reporter reporter, CancellationToken cancellation)
    {
        if (sources.Count == 1)
            return [ConversionOutcome.Of(sources[0], () => ModelConverter.Convert(sources[0], output, options, reporter, cancellation))];
        var outcomes = new List<ConversionOutcome>();
        foreach (string source in sources)
        {
            reporter.Report($"[{outcomes.Count + 1}/{sources.Count}] {source}");
            outcomes.Add(ConversionOutcome.Of(source, () => ModelConverter.Convert(source, output, options, reporter.Steps($"[{outcomes.Count + 1}/{sources.Count}] {Path.GetFileName(source)}"), cancellation)));
        }
        return outcomes;
    }

    private static List<ConversionOutcome> OneProgram(List<MethodSource> methods, string? output, ConvertOptions options, Reporter reporter, CancellationToken cancellation)
    {
        if (output is null || !IsProgram(output))
            throw new UsageException("--method needs --output FILE.pte");
        return [ConversionOutcome.Of(string.Join(", ", methods.Select(m => m.Source).Distinct(StringComparer.Ordinal)), () => ModelConverter.ConvertMethods(methods, output, options, reporter, cancellation))];
    }

    private static int Done(List<ConversionOutcome> outcomes, CompileOptions options, (bool Layers, bool Explain) shown, ReportFile? page, Reporter reporter)
    {
        page?.Write(ConversionPage.Write(outcomes, options));
        if (outcomes is [{ Error: { } error }])
            ExceptionDispatchInfo.Throw(error);
        var document = new JsonObject { ["conversions"] = JsonText.Array(outcomes, ConversionText.Json) };
        if (page is not null)
            document["report"] = page.Path;
        reporter.Result("convert", document, r =>
        {
            if (outcomes is [{ Report: { } report }])
                ConversionText.Write(r, report, shown.Layers, shown.Explain);
            else
                BatchText.Write(r, outcomes, shown.Layers, shown.Explain);
            page?.Announce(r);
        });
        return outcomes.Max(o => o.Code);
    }

    private static bool IsProgram(string path) => path.EndsWith(".pte", StringComparison.OrdinalIgnoreCase);

    private static List<MethodSource> Methods(string[] texts, string[] sources)
    {
        try
        {
            var methods = texts.Select(MethodSource.Parse).ToList();
            string? unused = sources.FirstOrDefault(s => !methods.Exists(m => Path.GetFullPath(m.Source) == Path.GetFullPath(s)));
            return unused is null ? methods : throw new UsageException($"{unused} has no --method NAME={unused}");
        }
        catch (FormatException e)
        {
            throw new UsageException($"--method {e.Message}");
        }
    }

    private static Dictionary<string, IReadOnlyList<long>> ParseShapes(string[] texts, out Dictionary<string, ScalarType> types)
    {
        types = new Dictionary<string, ScalarType>(StringComparer.Ordinal);
        var shapes = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
        for (int i = 0; i < texts.Length; i++)
        {
            int equals = texts[i].IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? i.ToString(CultureInfo.InvariantCulture) : texts[i][..equals];
            string list = texts[i][(equals + 1)..];
            int bracket = list.IndexOf('[', StringComparison.Ordinal);
            if (bracket >= 0)
            {
                types[name] = TypeNames.GetValueOrDefault(list[..bracket], ScalarType.Float);
                list = list[(bracket + 1)..].TrimEnd(']');
            }
            try
            {
                shapes[name] = [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(s => long.Parse(s, NumberStyles.None, CultureInfo.InvariantCulture))];
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw new UsageException($"--input-shape {texts[i]}: expected sizes such as 1,3,384,384");
            }
        }
        return shapes;
    }

    private static Dictionary<(string, int), (long, long)> ParseDynamic(string[] texts)
    {
        var result = new Dictionary<(string, int), (long, long)>();
        foreach (string text in texts)
        {
            var parts = text.Split('=', 2);
            int dot = parts[0].LastIndexOf('.');
            var range = parts.Length == 2 ? parts[1].Split("..", 2) : [];
            if (dot < 0 || range.Length != 2 || !int.TryParse(parts[0][(dot + 1)..], out int dim) || !long.TryParse(range[0], out long min) || !long.TryParse(range[1], out long max) || min > max)
                throw new UsageException($"--dynamic {text}: expected NAME.DIM=MIN..MAX");
            result[(parts[0][..dot], dim)] = (min, max);
        }
        return result;
    }
}
