using ExecuSharp.Core;

namespace ExecuSharp.Compiler.Emission;

/// <summary>A weight that goes into a data file.</summary>
public sealed record ExternalTensor(string Key, Tensor Tensor);
