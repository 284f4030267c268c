using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Formats.TorchArchive;

namespace ExecuSharp.Formats.Pt2;

/// <summary>
/// A <c>.pt2</c> file of torch.export.save, of PyTorch 2.3 to 2.13: programs as inert records, weights and constants mapped.
/// </summary>
public sealed class Pt2Archive : IDisposable
{
    private readonly TorchZipArchive archive;

    private Pt2Archive(TorchZipArchive archive, IReadOnlyDictionary<string, Pt2Model> models) => (this.archive, Models) = (archive, models);

    /// <summary>Programs by name; torch.export.save names its only one <c>model</c>.</summary>
    public IReadOnlyDictionary<string, Pt2Model> Models { get; }

    /// <summary>The program named <c>model</c>, or the only one.</summary>
    /// <exception cref="ModelFormatException">There are several, none of this name.</exception>
    public Pt2Model Model => Models.TryGetValue("model", out var model) ? model
        : Models.Count == 1 ? Models.Values.First()
        : throw new ModelFormatException("models/", "one program", string.Join(", ", Models.Keys), archive.FileName);

    /// <summary>True if an archive holds exported programs.</summary>
    public static bool Matches(TorchZipArchive archive) =>
        archive.Has("serialized_exported_program.json") || archive.Names.Any(n => ModelName(n) is not null);

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">The file is missing or broken.</exception>
    public static Pt2Archive Open(string path) => ByteSource.Open(path, Open);

    /// <summary>Opens from a source, which this object then owns.</summary>
    /// <exception cref="ModelFormatException">The bytes are broken or of another kind.</exception>
    public static Pt2Archive Open(ByteSource source)
    {
        var archive = TorchZipArchive.Open(source);
        var models = new Dictionary<string, Pt2Model>(StringComparer.Ordinal);
        if (archive.Has("serialized_exported_program.json"))
            models.Add("model", OldModel(archive));
        foreach (string member in archive.Names)
            if (ModelName(member) is { } name)
                models.Add(name, NewModel(archive, member, name));
        return models.Count > 0
            ? new Pt2Archive(archive, models)
            : throw new ModelFormatException("the archive", "models/*.json or serialized_exported_program.json", "neither: no exported program", archive.FileName);
    }

    /// <summary>Ends the mapping.</summary>
    public void Dispose() => archive.Dispose();

    private static string? ModelName(string member) =>
        member.StartsWith("models/", StringComparison.Ordinal) && member.EndsWith(".json", StringComparison.Ordinal)
            ? member["models/".Length..^".json".Length]
            : null;

    private static Pt2Model OldModel(TorchZipArchive archive) => new(
        Pt2ProgramReader.Read(archive.Read("serialized_exported_program.json"), "serialized_exported_program.json"),
        Pickled(archive, "serialized_state_dict.pt"),
        Pickled(archive, "serialized_constants.pt"),
        Saved(archive, "serialized_example_inputs.pt"));

    private static Pt2Model NewModel(TorchZipArchive archive, string member, string name) => new(
        Pt2ProgramReader.Read(archive.Read(member), member),
        Tensors(archive, "data/weights/", name, "weights"),
        Tensors(archive, "data/constants/", name, "constants"),
        Saved(archive, $"data/sample_inputs/{name}.pt"));

    private static IReadOnlyDictionary<string, StoredTensor> Tensors(TorchZipArchive archive, string folder, string name, string what)
    {
        string config = $"{folder}{name}_{what}_config.json";
        return archive.Has(config) ? Pt2Payloads.Read(archive, folder, config) : Pickled(archive, $"{folder}{name}.pt");
    }

    private static Dictionary<string, StoredTensor> Pickled(TorchZipArchive archive, string member)
    {
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        if (Saved(archive, member) is PickleDict dictionary)
            foreach (var (key, value) in dictionary.Items)
                if (key is PickleString text && value is PickleTensor tensor)
                    tensors.Add(text.Value, tensor.Tensor);
        return tensors;
    }

    private static PickleValue? Saved(TorchZipArchive archive, string member)
    {
        if (!archive.Has(member))
            return null;
        var inner = archive.ReadSource(member);
        // PyTorch writes an empty member where there is nothing to save
        return inner.Length == 0 ? null : TorchCheckpoint.Load(inner).Root;
    }
}
