namespace ExecuSharp.Formats.Pte;

/// <summary>A value slot of a method (EValue).</summary>
public abstract record PteValue
{
    /// <summary>Nothing.</summary>
    public sealed record Null : PteValue;

    /// <summary>An integer.</summary>
    public sealed record Int(long Value) : PteValue;

    /// <summary>A truth value.</summary>
    public sealed record Bool(bool Value) : PteValue;

    /// <summary>A float.</summary>
    public sealed record Double(double Value) : PteValue;

    /// <summary>Text.</summary>
    public sealed record String(string Value) : PteValue;

    /// <summary>Integers in other slots.</summary>
    public sealed record IntList(IReadOnlyList<long> Items) : PteValue;

    /// <summary>Floats.</summary>
    public sealed record DoubleList(IReadOnlyList<double> Items) : PteValue;

    /// <summary>Truth values.</summary>
    public sealed record BoolList(IReadOnlyList<bool> Items) : PteValue;

    /// <summary>Tensors in other slots.</summary>
    public sealed record TensorList(IReadOnlyList<int> Items) : PteValue;

    /// <summary>Tensors in other slots; -1 for none.</summary>
    public sealed record OptionalTensorList(IReadOnlyList<int> Items) : PteValue;

    /// <summary>A value of a later schema.</summary>
    public sealed record Unknown(byte Type) : PteValue;
}
