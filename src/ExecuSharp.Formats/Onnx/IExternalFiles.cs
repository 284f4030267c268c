using ExecuSharp.Core;

namespace ExecuSharp.Formats.Onnx;

/// <summary>The files that a model's tensors may lie in.</summary>
public interface IExternalFiles
{
    /// <summary>A range of a file.</summary>
    /// <param name="location">Relative path as written in the model.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes.</param>
    /// <exception cref="ModelFormatException">The location leaves the model's folder, the file is missing or too short.</exception>
    ReadOnlyMemory<byte> Read(string location, long offset, long length);
}
