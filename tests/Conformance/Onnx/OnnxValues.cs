using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Import.Onnx;

namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>Recorded values: tensors, sequences and optional values as lists of tensors.</summary>
public static class OnnxValues
{
    /// <summary>The tensors in a file; the index's type says what the file holds. Null stands for an optional value with nothing in it.</summary>
    public static List<Tensor>? Read(byte[] bytes, string type, out OnnxDataType element)
    {
        if (type.StartsWith("seq", StringComparison.Ordinal))
            return Flatten(OnnxReader.ReadSequence(bytes), out element);
        if (type.StartsWith("optional", StringComparison.Ordinal))
            return Flatten(OnnxReader.ReadOptional(bytes), out element);
        var tensor = OnnxReader.ReadTensor(bytes);
        // Old official data keeps the bits of bfloat16 in uint16.
        if (type.StartsWith("bfloat16", StringComparison.Ordinal) && tensor.DataType == OnnxDataType.UInt16)
            tensor = tensor with { DataType = OnnxDataType.BFloat16 };
        element = tensor.DataType;
        return [OnnxTensors.Decode(tensor)];
    }

    private static List<Tensor> Flatten(SequenceProto sequence, out OnnxDataType element)
    {
        element = sequence.Tensors.Count > 0 ? sequence.Tensors[0].DataType : OnnxDataType.Undefined;
        return [.. sequence.Tensors.Select(t => OnnxTensors.Decode(t))];
    }

    private static List<Tensor>? Flatten(OptionalProto optional, out OnnxDataType element)
    {
        element = optional.Tensor?.DataType ?? OnnxDataType.Undefined;
        if (optional.Tensor is not null)
            return [OnnxTensors.Decode(optional.Tensor)];
        return optional.Sequence is not null ? Flatten(optional.Sequence, out element)
            : optional.Optional is not null ? Flatten(optional.Optional, out element) : null;
    }

    /// <summary>What differs, or null.</summary>
    public static string? Compare(Tensor got, Tensor expected, OnnxDataType type, double rtol, double atol)
    {
        if (got.Type != expected.Type)
            return $"type {got.Type}, expected {expected.Type}";
        if (!got.Sizes.SequenceEqual(expected.Sizes))
            return $"sizes {Tensor.Format(got.Sizes)}, expected {Tensor.Format(expected.Sizes)}";
        if (type == OnnxDataType.BFloat16)
            rtol = Math.Max(rtol, 1.0 / 64);
        double[] a = Numbers(got), b = Numbers(expected);
        double worst = 0;
        int at = -1, count = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] == b[i] || (double.IsNaN(a[i]) && double.IsNaN(b[i])))
                continue;
            double difference = Math.Abs(a[i] - b[i]), allowed = atol + (rtol * Math.Abs(b[i]));
            if (type == OnnxDataType.Float16)
                allowed = Math.Max(allowed, HalfStep(b[i]));
            if (difference <= allowed)
                continue;
            count++;
            if (at < 0 || double.IsNaN(difference) || difference > worst)
                (worst, at) = (difference, i);
        }
        return at < 0 ? null : $"{count} of {a.Length} differ, most at [{at}]: {a[at]:G9}, expected {b[at]:G9}";
    }

    // One unit of the last place of binary16.
    private static double HalfStep(double value) => value == 0 || double.IsInfinity(value) ? 0 : Math.ScaleB(1, Math.Max(Math.ILogB(value), -14) - 10);

    private static double[] Numbers(Tensor t)
    {
        var result = new double[t.Numel];
        for (int i = 0; i < result.Length; i++)
            result[i] = t.Type switch
            {
                ScalarType.Float => t.Span<float>()[i],
                ScalarType.Double => t.Span<double>()[i],
                ScalarType.Half => (double)t.Span<Half>()[i],
                ScalarType.BFloat16 => t.Span<BFloat16>()[i],
                ScalarType.Long => t.Span<long>()[i],
                ScalarType.Int => t.Span<int>()[i],
                ScalarType.Short => t.Span<short>()[i],
                ScalarType.Char => t.Span<sbyte>()[i],
                ScalarType.Byte => t.Span<byte>()[i],
                ScalarType.Bool => t.Span<byte>()[i],
                _ => throw new NotSupportedException(t.Type.ToString()),
            };
        return result;
    }
}
