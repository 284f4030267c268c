using ExecuSharp.Core;

namespace ExecuSharp.Formats.BundledProgram;

/// <summary>An input or an expected output.</summary>
public abstract record BundledValue
{
    /// <summary>A tensor; the bytes are in its dim order.</summary>
    public sealed record TensorValue(ScalarType Type, int[] Sizes, ReadOnlyMemory<byte> Data, byte[] DimOrder) : BundledValue
    {
        /// <summary>A tensor with a copy of the bytes.</summary>
        public Tensor ToTensor() => new(Type, Sizes, Data.ToArray(), DimOrder);
    }

    /// <summary>An integer.</summary>
    public sealed record IntValue(long Value) : BundledValue;

    /// <summary>A truth value.</summary>
    public sealed record BoolValue(bool Value) : BundledValue;

    /// <summary>A float.</summary>
    public sealed record DoubleValue(double Value) : BundledValue;
}
