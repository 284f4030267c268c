using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Formats.TorchArchive;
using ExecuSharp.Formats.Zip;

namespace ExecuSharp.Formats.TorchScript;

/// <summary>
/// A file of <c>torch.jit.save</c> (source code) or of the lite interpreter (bytecode): the module's attributes, its code, and its constants, as
/// inert records. Weights are mapped; keep this object as long as they are used.
/// </summary>
public sealed class TorchScriptArchive : IDisposable
{
    private readonly TorchZipArchive archive;
    private readonly Dictionary<string, ScriptUnit?> units = new(StringComparer.Ordinal);

    private TorchScriptArchive(TorchZipArchive archive)
    {
        this.archive = archive;
        Root = archive.ReadPickle("data.pkl", "data/");
        if (archive.Has("bytecode.pkl"))
        {
            // from version 5 on the tensors of bytecode constants are those of constants.pkl
            string folder = archive.Names.Any(n => n.StartsWith("bytecode/", StringComparison.Ordinal)) ? "bytecode/" : "constants/";
            (BytecodeVersion, Functions) = BytecodeReader.Read(archive.ReadPickle("bytecode.pkl", folder));
        }
        Constants = archive.Has("constants.pkl") ? archive.ReadPickle("constants.pkl", "constants/").AsSequence ?? [] : [];
    }

    /// <summary>The module with its attributes.</summary>
    public PickleValue Root { get; }

    /// <summary>Values of <c>CONSTANTS.c0</c> and on.</summary>
    public IReadOnlyList<PickleValue> Constants { get; }

    /// <summary>Methods in bytecode by qualified name; null if the file has source code only.</summary>
    public IReadOnlyDictionary<string, BytecodeFunction>? Functions { get; }

    /// <summary>Version of the bytecode, or 0.</summary>
    public long BytecodeVersion { get; }

    /// <summary>The file's name, if known.</summary>
    public string? FileName => archive.FileName;

    /// <summary>True if the bytes are a ZIP archive with the members of such a file.</summary>
    public static bool IsTorchScript(TorchZipArchive archive) => archive.Has("data.pkl") && (archive.Has("bytecode.pkl") || archive.Has("constants.pkl"));

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">The file is missing, broken or of another kind.</exception>
    public static TorchScriptArchive Open(string path) => ByteSource.Open(path, Open);

    /// <summary>Opens bytes, which are not copied.</summary>
    /// <exception cref="ModelFormatException">The bytes are broken or of another kind.</exception>
    public static TorchScriptArchive Open(ReadOnlyMemory<byte> bytes) => Open(new ByteSource(bytes));

    /// <summary>Opens a source, which this object then owns.</summary>
    /// <exception cref="ModelFormatException">The bytes are broken or of another kind.</exception>
    public static TorchScriptArchive Open(ByteSource source)
    {
        if (!ZipReader.IsZip(source))
            throw new ModelFormatException("offset 0", "a ZIP archive of TorchScript", IsFlatBuffer(source) ? "the flatbuffer form of a mobile file (PTMF), which is not read" : "other bytes", source.Name);
        var archive = TorchZipArchive.Open(source);
        if (!IsTorchScript(archive))
            throw new ModelFormatException("the archive", "data.pkl with constants.pkl or bytecode.pkl", "a ZIP archive of another kind", source.Name);
        return new TorchScriptArchive(archive);
    }

    /// <summary>Finds a class by its qualified name, or null.</summary>
    /// <exception cref="ModelFormatException">Its source is broken.</exception>
    public ScriptClass? FindClass(string qualifiedName) => Split(qualifiedName, out string name)?.Classes.GetValueOrDefault(name);

    /// <summary>Finds a function by its qualified name, or null.</summary>
    /// <exception cref="ModelFormatException">Its source is broken.</exception>
    public ScriptFunction? FindFunction(string qualifiedName) => Split(qualifiedName, out string name)?.Functions.GetValueOrDefault(name);

    /// <summary>
    /// Types and shapes of the inputs that a method was traced with, as the tracer saved them (their storages are empty); null if the file has none.
    /// </summary>
    /// <exception cref="ModelFormatException">The member is broken.</exception>
    public PickleValue? TracedInputs(string method)
    {
        if (!archive.Has("traced_inputs.pkl"))
            return null;
        var root = Unpickler.Load(archive.Read("traced_inputs.pkl"), new TorchResolver(new Shapes(), new TorchLoadOptions()));
        return root.Get(method);
    }

    /// <summary>Ends the mapping.</summary>
    public void Dispose() => archive.Dispose();

    private static bool IsFlatBuffer(ByteSource source) => source.Length >= 8 && source.Slice(4, 4).Span.SequenceEqual("PTMF"u8);

    private ScriptUnit? Split(string qualifiedName, out string name)
    {
        int dot = qualifiedName.LastIndexOf('.');
        name = qualifiedName[(dot + 1)..];
        if (dot < 0)
            return null;
        string path = "code/" + qualifiedName[..dot].Replace('.', '/') + ".py";
        if (!units.TryGetValue(path, out var unit))
            units.Add(path, unit = archive.Has(path) ? ScriptParser.Parse(archive.ReadText(path), path) : null);
        return unit;
    }

    private sealed class Shapes : ITorchStorages
    {
        public TensorStorage Get(string key, int elementSize, long count, bool isUntyped, string place)
        {
            if (count > long.MaxValue / Math.Max(elementSize, 1))
                throw new ModelFormatException(place, "fewer elements", count.ToString());
            return new TensorStorage(key, count * elementSize, () => throw new ModelFormatException(place, "a traced input without data", "a read"));
        }
    }
}
