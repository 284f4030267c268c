using ExecuSharp.Core;

namespace ExecuSharp.Import.Onnx;

/// <summary>A node that cannot be translated. The importer goes on and reports all of them together.</summary>
internal sealed class OnnxUnsupportedException(string why) : Exception(why);
