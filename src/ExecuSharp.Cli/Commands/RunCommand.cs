using System.CommandLine;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Output;
using ExecuSharp.Conversion;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Imaging;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Runtime;
using ExecuSharp.Tensors;
using ExecuSharp.Vision.Embedding;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>run</c>: executes a method.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "A .pte or .bpte file." };
        var method = new Option<string?>("--method") { Description = "Method; default forward, or the only one." };
        var inputs = new Option<string?>("--inputs") { Description = "Tensors in.0, in.1, … in a .safetensors, .npz or .npy file; default ones." };
        var image = new Option<string?>("--image") { Description = "A picture for the first input, scaled to its size and to -1 … 1." };
        var outputs = new Option<string?>("--outputs", "-o") { Description = "Where to write out.0, out.1, …: .safetensors, .npz or .npy." };
        var data = new Option<string[]>("--data") { Description = "Files with external weights (.ptd).", Arity = ArgumentArity.ZeroOrMore };
        var threads = new Option<int>("--threads") { Description = "Threads; 0 for one per core." };
        var etdump = new Option<string?>("--etdump") { Description = "Where to write the times of loading and running as an ETDump (.etdp)." };
        var repeat = new Option<int>("--repeat") { Description = "Number of runs, one after the other on the same state.", DefaultValueFactory = _ => 1 };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace an existing output file." };
        var command = new Command("run", "Execute a method. Example: execusharp run model.pte --inputs in.safetensors --outputs out.safetensors") { model, method, inputs, image, outputs, data, threads, etdump, repeat, overwrite };
        return CommonOptions.Attach(command, (result, reporter, cancellation) =>
        {
            string? target = result.GetValue(outputs), dump = result.GetValue(etdump);
            foreach (string file in new[] { target, dump }.OfType<string>())
                if (File.Exists(file) && !result.GetValue(overwrite))
                    throw new IOException($"{file} exists; use --overwrite to replace it");
            if (result.GetValue(repeat) < 1)
                throw new UsageException($"--repeat must be at least 1; it is {result.GetValue(repeat)}");
            var recorder = dump is null ? null : new EtDumpRecorder();
            using var program = Runtime.Program.Load(result.GetValue(model)!, RuntimeOptions.Default with { Threads = result.GetValue(threads) }, result.GetValue(data) ?? []);
            using var loaded = program.LoadMethod(result.GetValue(method), recorder);
            SetInputs(loaded, result.GetValue(inputs), result.GetValue(image));
            for (int run = 0; run < result.GetValue(repeat); run++)
                loaded.Execute(cancellation);
            var values = Enumerable.Range(0, loaded.OutputCount).Select(loaded.GetOutput).ToList();
            if (target is not null)
                TensorFiles.Write(target, [.. values.Select((v, i) => (v, i)).Where(o => o.v.Tag == Tag.Tensor).Select(o => KeyValuePair.Create($"out.{o.i}", o.v.AsTensor()))]);
            if (recorder is not null)
                AtomicFile.Write(dump!, stream => stream.Write(recorder.ToFile().ToBytes()));
            var document = new JsonObject { ["method"] = loaded.Name, ["outputs"] = JsonText.Array(values, Json) };
            reporter.Result("run", document, r => r.Table(["output", "value"], values.Select((v, i) => new[] { $"{i}", Text(v) }), alignRight: false));
            return ExitCodes.Done;
        });
    }

    private static void SetInputs(Method method, string? file, string? image)
    {
        var given = file is null ? new Tensor?[method.InputCount] : TensorFiles.ForInputs(TensorFiles.Read(file), method.InputCount);
        for (int i = 0; i < method.InputCount; i++)
        {
            var slot = method.GetInput(i);
            if (slot.Tag != Tag.Tensor)
            {
                method.SetInput(i, slot);
                continue;
            }
            var spec = (PteTensor)method.Records.Values[method.Records.Inputs[i]];
            var tensor = given[i] ?? (i == 0 && image is not null ? Picture(image, spec) : SampleInputs.Ones(spec.Type, [.. spec.Sizes]));
            method.SetInput(i, TensorFiles.InOrder(tensor, [.. spec.DimOrder]));
        }
    }

    private static Tensor Picture(string path, PteTensor spec)
    {
        if (spec.Type != ScalarType.Float || spec.Sizes is not [1, 3, var height, var width])
            throw new UsageException($"--image needs a first input of Float[1, 3, height, width]; it is {spec.Type.Name()}[{string.Join(", ", spec.Sizes)}]");
        try
        {
            return new ImagePreprocessor(new ImageInput(height, width)).Prepare(ImageDecoder.Decode(File.ReadAllBytes(path)));
        }
        catch (ModelFormatException e)
        {
            throw e.In(path);
        }
    }

    private static JsonObject Json(EValue value)
    {
        if (value.Tag != Tag.Tensor)
            return new JsonObject { ["kind"] = value.Tag.ToString(), ["value"] = value.ToString() };
        var t = TensorFiles.Contiguous(value.AsTensor());
        int count = (int)Math.Min(t.Numel, 1000);
        return new JsonObject
        {
            ["kind"] = "Tensor",
            ["dtype"] = t.Type.Name(),
            ["shape"] = JsonText.Sizes(t.Sizes.ToArray()),
            ["values"] = JsonText.Array(Enumerable.Range(0, count), i => JsonText.Number(Verification.TensorComparer.Element(t, i))),
            ["truncated"] = t.Numel > count,
        };
    }

    private static string Text(EValue value)
    {
        if (value.Tag != Tag.Tensor)
            return value.ToString();
        var t = TensorFiles.Contiguous(value.AsTensor());
        var head = Enumerable.Range(0, (int)Math.Min(8, t.Numel)).Select(i => Units.Text($"{Verification.TensorComparer.Element(t, i):G6}"));
        return $"{t} [{string.Join(", ", head)}{(t.Numel > 8 ? ", …" : "")}]";
    }
}
