using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.EtDump;
using ExecuSharp.Formats.FlatTensor;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Numpy;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Pt2;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Formats.TorchArchive;
using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Video;
using ExecuSharp.Import.Onnx;
using ExecuSharp.Import.Pt2;
using ExecuSharp.Import.TorchScript;
using ExecuSharp.Inspection;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tools.Fuzzing;

/// <summary>All that ExecuSharp does with a file of a format.</summary>
/// <param name="Format">Its name.</param>
/// <param name="MemoryLimit">Bytes that it may allocate on top of <see cref="MemoryPerByte"/> for each byte of the file.</param>
/// <param name="Read">Reads all of it, given the inputs of the model where they are known; throws what a user would get.</param>
public sealed record FuzzTarget(string Format, long MemoryLimit, Action<byte[], IReadOnlyList<TensorSpec>?> Read)
{
    /// <summary>Deflate packs at most 1,032 to one; a picture has three bytes for each.</summary>
    public const long MemoryPerByte = 4096;

    /// <summary>Limits that keep a damaged program small: 64 MiB of planned memory, 10,000 instructions.</summary>
    public static RuntimeOptions Limits { get; } = RuntimeOptions.Default with { Threads = 1, MaxPlannedMemory = 64 << 20, MaxInstructions = 10_000 };

    /// <summary>A program: loaded, inspected, and its first two methods run.</summary>
    public static FuzzTarget Program { get; } = new("pte", 1 << 30, (bytes, _) => RunProgram(bytes));

    /// <summary>A bundled program and its cases.</summary>
    public static FuzzTarget Bundle { get; } = new("bpte", 64 << 20, (bytes, _) =>
    {
        var bundle = BundledProgramFile.Read(new ByteSource(bytes));
        foreach (var value in bundle.Suites.SelectMany(s => s.Cases).SelectMany(c => c.Inputs.Concat(c.ExpectedOutputs)).OfType<BundledValue.TensorValue>())
            value.ToTensor();
    });

    /// <summary>External weights.</summary>
    public static FuzzTarget FlatTensor { get; } = new("ptd", 64 << 20, (bytes, _) =>
    {
        var file = FlatTensorFile.Read(new ByteSource(bytes));
        foreach (var entry in file.Entries)
            file.BytesOf(entry);
    });

    /// <summary>Profiles.</summary>
    public static FuzzTarget EtDump { get; } = new("etdump", 64 << 20, (bytes, _) => EtDumpFile.Read(new ByteSource(bytes)));

    /// <summary>Safetensors.</summary>
    public static FuzzTarget SafeTensors { get; } = new("safetensors", 64 << 20, (bytes, _) =>
    {
        using var file = SafeTensorsFile.Parse(bytes);
        foreach (var (_, tensor) in file.Tensors)
            tensor.Bytes();
    });

    /// <summary>NumPy archives.</summary>
    public static FuzzTarget Npz { get; } = new("npz", 64 << 20, (bytes, _) =>
    {
        using var file = NpzFile.Parse(bytes);
        foreach (string name in file.Names)
            file[name].ToTensor();
    });

    /// <summary>Exported programs, read and imported.</summary>
    public static FuzzTarget Pt2 { get; } = new("pt2", 512 << 20, (bytes, _) =>
    {
        using var archive = Pt2Archive.Open(new ByteSource(bytes));
        foreach (var tensor in archive.Model.Weights.Values.Concat(archive.Model.Constants.Values))
            tensor.Bytes();
        Pt2Importer.Import(archive.Model);
    });

    /// <summary>Plain pickles.</summary>
    public static FuzzTarget Pickle { get; } = new("pickle", 64 << 20, (bytes, _) => PickleJson.ToNode(Unpickler.Load(bytes, new PickleResolver())));

    /// <summary>Checkpoints.</summary>
    public static FuzzTarget Checkpoint { get; } = new("checkpoint", 64 << 20, (bytes, _) =>
    {
        using var checkpoint = TorchCheckpoint.Load(bytes);
        foreach (var (_, tensor) in checkpoint.StateDict())
            tensor.Bytes();
        PickleJson.ToNode(checkpoint.Root);
    });

    /// <summary>TorchScript and mobile files, read and imported.</summary>
    public static FuzzTarget TorchScript { get; } = new("torchscript", 512 << 20, (bytes, inputs) => TorchScriptImporter.Import(bytes, new TorchScriptImportOptions { InputShapes = inputs }));

    /// <summary>ONNX models, read and imported.</summary>
    public static FuzzTarget Onnx { get; } = new("onnx", 512 << 20, (bytes, _) =>
    {
        OnnxReader.ReadModel(bytes);
        OnnxImporter.Import(bytes);
    });

    /// <summary>Pictures.</summary>
    public static FuzzTarget Picture { get; } = new("picture", 64 << 20, (bytes, _) => ImageDecoder.DecodeRgb(bytes, upright: true));

    /// <summary>Uncompressed video.</summary>
    public static FuzzTarget Video { get; } = new("y4m", 64 << 20, (bytes, _) =>
    {
        var reader = new Y4mReader(new MemoryStream(bytes));
        while (reader.ReadFrame() is { } frame)
            YuvConverter.ToRgb(frame);
    });

    /// <summary>Damages a file and reads it.</summary>
    public FuzzResult Try(byte[] original, Random random, IReadOnlyList<TensorSpec>? inputs = null)
    {
        byte[] bytes = Mutator.MutateFile(original, random);
        bool refused = false;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Read(bytes, inputs);
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException or UnsupportedProgramException or ExecuTorchException)
        {
            refused = true;
        }
        catch (Exception e)
        {
            return new FuzzResult(refused, e.ToString());
        }
        long taken = GC.GetAllocatedBytesForCurrentThread() - before, limit = MemoryLimit + MemoryPerByte * bytes.Length;
        return new FuzzResult(refused, taken > limit ? $"{taken} bytes allocated for a file of {bytes.Length}; {limit} allowed" : null);
    }

    private static void RunProgram(byte[] bytes)
    {
        using var program = Runtime.Program.Load(bytes, Limits);
        ProgramInspection.Of(program.Records);
        foreach (string name in program.MethodNames.Take(2))
        {
            using var method = program.LoadMethod(name);
            for (int i = 0; i < method.InputCount; i++)
            {
                var input = method.GetInput(i);
                method.SetInput(i, input.Tag == Tag.Tensor ? EValue.Of(Tensor.Empty(input.AsTensor().Type, input.AsTensor().Sizes, [.. input.AsTensor().DimOrder])) : input);
            }
            method.Execute();
        }
    }
}
