using ExecuSharp.Compiler.Emission;
using ExecuSharp.Formats.FlatTensor;

namespace ExecuSharp.Conversion;

/// <summary>A program that was compared with its sources, not written yet.</summary>
internal sealed record MadeProgram(string Path, byte[] Bytes, CompiledProgram Program, IReadOnlyList<ProgramReport> Reports)
{
    /// <summary>Writes the program, and its data file if it has one.</summary>
    public void Write()
    {
        AtomicFile.Write(Path, stream => stream.Write(Bytes));
        if (Program.ExternalWeights.Count > 0)
            AtomicFile.Write(DataPath(Path), stream => stream.Write(DataFile(Program)));
    }

    /// <summary>Where a program's data file lies.</summary>
    public static string DataPath(string program) => System.IO.Path.ChangeExtension(program, ".ptd");

    /// <summary>The bytes of a program's data file.</summary>
    public static byte[] DataFile(CompiledProgram program)
    {
        var stream = new MemoryStream();
        FlatTensorFile.Write([.. program.ExternalWeights.Select(t => (t.Key, t.Tensor.Type, t.Tensor.Sizes.ToArray(), t.Tensor.DimOrder.ToArray(), (ReadOnlyMemory<byte>)t.Tensor.Storage[..(int)t.Tensor.ByteLength]))], stream);
        return stream.ToArray();
    }
}
