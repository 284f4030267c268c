using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Output;
using ExecuSharp.Compiler;
using ExecuSharp.Conversion;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Sources;
using ExecuSharp.Tensors;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>convert</c>: any supported source to <c>.pte</c>, proved against the source.</summary>
internal static class ConvertCommand
{
    private static readonly string[] SourceExtensions = [".pt2", ".onnx", ".pt", ".pth", ".ptl", ".jit", ".ckpt", ".bin", ".safetensors", SafeTensorsIndex.Extension];

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
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace existing files." };
        var command = new Command("convert", "Convert a model to .pte and compare it with its source. Example: execusharp convert model.pt2 -o model.pte")
        {
            sources, output, model, methods, shapes, dynamic, freeze, backend, target, similarity, layers, explain, external, overwrite,
        };
        return CommonOptions.Attach(command, (result, reporter, cancellation) =>
        {
            if (!ExecuTorchRelease.TryParse(result.GetValue(target)!, out var release))
                throw new UsageException($"--target {result.GetValue(target)}: known releases are {string.Join(", ", ExecuTorchRelease.All)}");
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
                Layers = result.GetValue(layers),
                Overwrite = result.GetValue(overwrite),
            };
            var given = result.GetValue(sources) ?? [];
            if (result.GetValue(methods) is { Length: > 0 } named)
                return OneProgram(Methods(named, given), result.GetValue(output), options, result.GetValue(explain), reporter, cancellation);
            return Run(Expand(given.Length > 0 ? given : throw new UsageException("a SOURCE or --method NAME=SOURCE is needed")), result.GetValue(output), options, result.GetValue(explain), reporter, cancellation);
        });
    }

    private static int Run(List<string> sources, string? output, ConvertOptions options, bool explain, Reporter reporter, CancellationToken cancellation)
    {
        if (sources.Count > 1 && output is not null && output.EndsWith(".pte", StringComparison.OrdinalIgnoreCase))
            throw new UsageException("several sources need a folder for --output");
        return sources.Count == 1
            ? Done(ModelConverter.Convert(sources[0], output, options, reporter, cancellation), explain, reporter)
            : Batch(sources, output, options, reporter, cancellation);
    }

    private static int OneProgram(List<MethodSource> methods, string? output, ConvertOptions options, bool explain, Reporter reporter, CancellationToken cancellation)
    {
        if (output is null || !output.EndsWith(".pte", StringComparison.OrdinalIgnoreCase))
            throw new UsageException("--method needs --output FILE.pte");
        return Done(ModelConverter.ConvertMethods(methods, output, options, reporter, cancellation), explain, reporter);
    }

    private static int Done(ConversionReport report, bool explain, Reporter reporter)
    {
        reporter.Result("convert", new JsonObject { ["conversions"] = new JsonArray(ConversionText.Json(report)) }, r => ConversionText.Write(r, report, explain));
        return ExitCodes.Done;
    }

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

    private static int Batch(List<string> sources, string? output, ConvertOptions options, Reporter reporter, CancellationToken cancellation)
    {
        var rows = new List<string[]>();
        var documents = new JsonArray();
        int worst = ExitCodes.Done;
        for (int i = 0; i < sources.Count; i++)
        {
            reporter.Report($"[{i + 1}/{sources.Count}] {sources[i]}");
            int code = ExitCodes.Done;
            string? error = null;
            try
            {
                var report = ModelConverter.Convert(sources[i], output, options, null, cancellation);
                documents.Add(ConversionText.Json(report));
                rows.AddRange(report.Programs.Select(p => new[] { Path.GetFileName(p.Path), "converted", Units.Bytes(report.SourceBytes), Units.Bytes(p.Bytes), Units.Cosine(p.Comparison.Worst.Cosine) }));
            }
            catch (UnsupportedModelException e)
            {
                (code, error) = (ExitCodes.Unsupported, e.Message);
            }
            catch (SimilarityException e)
            {
                (code, error) = (ExitCodes.CheckFailed, e.Message);
            }
            catch (ArgumentException e)
            {
                (code, error) = (ExitCodes.Usage, e.Message);
            }
            catch (Exception e) when (e is ModelFormatException or ExecuTorchException or IOException)
            {
                (code, error) = (ExitCodes.BadFile, e.Message);
            }
            if (error is not null)
            {
                documents.Add(new JsonObject { ["source"] = sources[i], ["error"] = error });
                rows.Add([Path.GetFileName(sources[i]), error.Split('\n')[0], "", "", ""]);
            }
            worst = Math.Max(worst, code);
        }
        reporter.Result("convert", new JsonObject { ["conversions"] = documents }, r => r.Table(["model", "result", "source", "program", "cosine"], rows));
        return worst;
    }

    private static List<string> Expand(IEnumerable<string> sources)
    {
        var files = new List<string>();
        foreach (string source in sources)
        {
            if (!Directory.Exists(source))
            {
                files.Add(source);
                continue;
            }
            var inside = Directory.EnumerateFiles(source).Where(IsSource).Order(StringComparer.Ordinal).ToList();
            foreach (string index in inside.Where(f => f.EndsWith(SafeTensorsIndex.Extension, StringComparison.OrdinalIgnoreCase)).ToList())
                inside = [.. inside.Except(SafeTensorsIndex.FilesOf(index).Select(f => Path.Combine(source, Path.GetFileName(f))))];
            if (inside.Count == 0)
                throw new ModelFormatException("the folder", $"files with {string.Join(", ", SourceExtensions)}", "none", source);
            files.AddRange(inside);
        }
        return files;
    }

    private static bool IsSource(string file) => SourceExtensions.Any(e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase));

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
