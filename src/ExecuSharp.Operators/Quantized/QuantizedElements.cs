using ExecuSharp.Core;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Quantized;

/// <summary>Conversion between numbers and quantized integers.</summary>
internal static class QuantizedElements
{
    /// <summary>clamp(nearest(x * (1 / scale)) + zero point), in float32 with the reciprocal of the float32 scale; ties to even.</summary>
    public static long Quantize(float inverse, int zeroPoint, double value, long min, long max)
    {
        float scaled = zeroPoint + MathF.Round((float)(inverse * value), MidpointRounding.ToEven);
        // What does not fit an integer becomes the smallest, as the x86 conversion does.
        long q = scaled is >= -9223372036854775808f and < 9223372036854775808f ? (long)scaled : long.MinValue;
        return Math.Min(Math.Max(q, min), max);
    }

    /// <summary>Refuses types and limits that do not belong together.</summary>
    public static void CheckQuantize(Tensor input, long min, long max, long dtype, Tensor output)
    {
        KernelChecks.Require(input.Type is ScalarType.Float or ScalarType.Double or ScalarType.Half, $"an input of type {input.Type.Name()}");
        KernelChecks.Require((long)output.Type == dtype, $"an output of type {output.Type.Name()}, {((ScalarType)dtype).Name()} is asked for");
        var (low, high) = output.Type switch
        {
            ScalarType.Byte => (byte.MinValue, byte.MaxValue),
            ScalarType.Char => (sbyte.MinValue, sbyte.MaxValue),
            ScalarType.UInt16 or ScalarType.Bits16 => (ushort.MinValue, ushort.MaxValue),
            ScalarType.Short => (short.MinValue, short.MaxValue),
            ScalarType.Int => (int.MinValue, int.MaxValue),
            _ => throw new ExecuTorchException(ErrorCode.InvalidArgument, $"an output of type {output.Type.Name()}"),
        };
        KernelChecks.Require(min >= low && max <= high, $"limits {min} and {max} for {output.Type.Name()}");
    }

    /// <summary>Refuses types that do not belong together.</summary>
    public static void CheckDequantize(Tensor input, long min, long max, long dtype, long? outDtype, Tensor output)
    {
        KernelChecks.Require(input.Type is ScalarType.Byte or ScalarType.Char or ScalarType.Short or ScalarType.Int or ScalarType.UInt16 or ScalarType.Bits16, $"an input of type {input.Type.Name()}");
        KernelChecks.Require((long)input.Type == dtype, $"an input of type {input.Type.Name()}, {((ScalarType)dtype).Name()} is given");
        KernelChecks.Require(outDtype is null || outDtype == (long)output.Type, $"an output of type {output.Type.Name()}");
        KernelChecks.Require(output.Type is ScalarType.Float or ScalarType.Double or ScalarType.Half, $"an output of type {output.Type.Name()}");
        KernelChecks.Require(min <= max, $"limits {min} and {max}");
    }

    /// <summary>Elements that kernels work on at a time.</summary>
    public const int Block = 256;

    /// <summary>Quantized integers from an element on, as numbers of 32 bits.</summary>
    public static void Read(Tensor t, int first, Span<int> values) => ElementBlocks.Load(Plain(t.Type), t.Bytes, first, 1, values);

    /// <summary>Writes quantized integers that fit the type, from an element on.</summary>
    public static void Write(ReadOnlySpan<long> values, Tensor t, int first) => ElementBlocks.Store(values, Plain(t.Type), t.Bytes, first);

    private static ScalarType Plain(ScalarType type) => type == ScalarType.Bits16 ? ScalarType.UInt16 : type;

    /// <summary>A scale of type Double, or also Float, as float32.</summary>
    public static float Scale(Tensor scales, int index) => scales.Type switch
    {
        ScalarType.Double => (float)scales.Span<double>()[index],
        ScalarType.Float => scales.Span<float>()[index],
        _ => throw new ExecuTorchException(ErrorCode.InvalidArgument, $"scales of type {scales.Type.Name()}"),
    };
}
