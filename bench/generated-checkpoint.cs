#:project ../src/ExecuSharp.Models/ExecuSharp.Models.csproj
#:property PublishAot=false

// Writes a Perception Encoder checkpoint with generated weights, to measure conversions with files of real size:
//   dotnet run -c Release bench/generated-checkpoint.cs -- PE-Core-T16-384 PE-Core-T16-384.safetensors
// Names and shapes are those of the official layout (layouts.json of tests/corpus/models.zip).

using System.IO.Compression;
using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: generated-checkpoint NAME FILE.safetensors");
    return 2;
}
string corpus = Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "bench", "..", "tests", "corpus", "models.zip");
using var zip = ZipFile.OpenRead(corpus);
using var layouts = JsonDocument.Parse(zip.GetEntry("perception-encoder/layouts.json")!.Open());
var random = new Random(1);
SafeTensorsWriter.Write(args[1], layouts.RootElement.GetProperty(args[0]).GetProperty("layouts").GetProperty("official").GetProperty("shapes").EnumerateObject()
    .Select(t => KeyValuePair.Create(t.Name, Weight(t.Name, [.. t.Value.EnumerateArray().Select(s => s.GetInt32())]))));
return 0;

Tensor Weight(string name, int[] shape)
{
    var tensor = Tensor.Empty(ScalarType.Float, shape);
    var values = tensor.Span<float>();
    bool gain = name.Contains("ln_", StringComparison.Ordinal) || name.Contains("layernorm", StringComparison.Ordinal);
    float scale = shape.Length < 2 ? 0.1f : 1.7f / MathF.Sqrt(values.Length / shape[0]);
    for (int i = 0; i < values.Length; i++)
        values[i] = (gain && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0) + (((random.NextSingle() * 2) - 1) * scale);
    if (name == "logit_scale")
        values[0] = 4.6f;
    return tensor;
}
