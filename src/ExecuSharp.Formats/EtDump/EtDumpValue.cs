namespace ExecuSharp.Formats.EtDump;

/// <summary>A logged value.</summary>
/// <param name="IsOutput">Whether it is an output of the method; null where that was not recorded.</param>
public abstract record EtDumpValue(bool? IsOutput)
{
    /// <summary>No value.</summary>
    public sealed record Null(bool? IsOutput = null) : EtDumpValue(IsOutput);

    /// <summary>An integer.</summary>
    public sealed record Int(long Value, bool? IsOutput = null) : EtDumpValue(IsOutput);

    /// <summary>A truth value.</summary>
    public sealed record Bool(bool Value, bool? IsOutput = null) : EtDumpValue(IsOutput);

    /// <summary>A float.</summary>
    public sealed record Float(float Value, bool? IsOutput = null) : EtDumpValue(IsOutput);

    /// <summary>A double.</summary>
    public sealed record Double(double Value, bool? IsOutput = null) : EtDumpValue(IsOutput);

    /// <summary>A tensor.</summary>
    public sealed record Tensor(EtDumpTensor Value, bool? IsOutput = null) : EtDumpValue(IsOutput);

    /// <summary>Tensors.</summary>
    public sealed record TensorList(IReadOnlyList<EtDumpTensor> Values, bool? IsOutput = null) : EtDumpValue(IsOutput);
}
