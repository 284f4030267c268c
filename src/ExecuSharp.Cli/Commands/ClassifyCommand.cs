using System.CommandLine;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Classification;
using ExecuSharp.Cli.Output;
using ExecuSharp.Vision.Classification;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>classify</c>: labels for pictures, by words, by example pictures or by their nearest neighbours.</summary>
internal static class ClassifyCommand
{
    public static Command Create()
    {
        var images = new Argument<string[]>("IMAGE") { Description = "Pictures, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var model = new Option<string>("--model") { Description = "The manifest (.json) that convert wrote.", Required = true };
        var labels = new Option<string?>("--labels") { Description = "Labels with commas between, or a file: one a line, or JSON. Default: those of the manifest." };
        var set = new Option<string?>("--label-set") { Description = "Name of a list, where the file has several." };
        var templates = new Option<string[]>("--template") { Description = "Prompt with {} for the label; may be repeated.", Arity = ArgumentArity.ZeroOrMore };
        var merges = new Option<string?>("--merges") { Description = "The tokenizer's merge file, where the manifest names none." };
        var cache = new Option<string?>("--cache") { Description = "Folder for text embeddings, kept by model, labels and prompts." };
        var prototypes = new Option<string?>("--prototypes") { Description = "Instead of words: a folder with a folder of example pictures for each class; their mean stands for the class." };
        var neighbours = new Option<string?>("--neighbours") { Description = "Instead of words: such a folder; the nearest examples vote." };
        var k = new Option<int>("--k") { Description = "How many neighbours vote.", DefaultValueFactory = _ => 5 };
        var unknown = new Option<string?>("--unknown") { Description = "Pictures below this cosine show none of the labels; or a folder of such pictures, from which it is calibrated." };
        var known = new Option<string?>("--known") { Description = "With a folder for --unknown: pictures that show the labels. Default: the examples." };
        var nothing = new Option<string[]>("--nothing") { Description = "A label that stands for none of the others; may be repeated.", Arity = ArgumentArity.ZeroOrMore };
        var top = new Option<int>("--top") { Description = "Labels to show.", DefaultValueFactory = _ => 3 };
        var csv = new Option<string?>("--csv") { Description = "Also write a table of all pictures to this file." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace an existing file." };
        var command = new Command("classify", "Classify pictures by words or by examples. Example: execusharp classify photos --model PE.json --labels cat,dog --csv answers.csv")
        {
            images, model, labels, set, templates, merges, cache, prototypes, neighbours, k, unknown, known, nothing, top, csv, overwrite,
        };
        return CommonOptions.Attach(command, (result, reporter, cancellation) =>
        {
            string? table = result.GetValue(csv);
            if (table is not null && File.Exists(table) && !result.GetValue(overwrite))
                throw new IOException($"{table} exists; use --overwrite to replace it");
            var request = new ClassifierRequest(result.GetValue(model)!)
            {
                Labels = result.GetValue(labels),
                LabelSet = result.GetValue(set),
                Templates = result.GetValue(templates) ?? [],
                Merges = result.GetValue(merges),
                Cache = result.GetValue(cache),
                Prototypes = result.GetValue(prototypes),
                Neighbours = result.GetValue(neighbours),
                K = result.GetValue(k),
                Unknown = result.GetValue(unknown),
                Known = result.GetValue(known),
                Nothing = result.GetValue(nothing) ?? [],
            };
            var files = PictureFiles.Expand(result.GetValue(images)!);
            using var classifier = OpenedClassifier.Open(request, reporter, cancellation);
            var answers = new List<FileClassification>();
            foreach (string file in files)
            {
                reporter.Report($"[{answers.Count + 1}/{files.Count}] {file}");
                answers.AddRange(classifier.Images.ClassifyFiles([file], cancellation));
            }
            int count = Math.Max(1, result.GetValue(top));
            if (table is not null)
                ClassificationOutput.WriteCsv(table, answers, count);
            reporter.Result("classify", ClassificationOutput.Json(classifier, answers, count), r => ClassificationOutput.WriteText(r, answers, count));
            return answers.Exists(a => a.Error is not null) ? ExitCodes.BadFile : ExitCodes.Done;
        });
    }
}
