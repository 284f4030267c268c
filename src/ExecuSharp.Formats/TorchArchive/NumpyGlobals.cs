using System.Buffers.Binary;
using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.Numpy;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>NumPy's scalars and arrays in configurations and optimizer states, of NumPy 1 (<c>numpy.core</c>) and 2 (<c>numpy._core</c>).</summary>
internal static class NumpyGlobals
{
    public static bool Knows(PickleGlobal global) => Name(global) is "scalar" or "_reconstruct" or "ndarray" or "dtype" or "_frombuffer" or "scalar type";

    /// <summary>The value, or null if the global is none of NumPy's.</summary>
    public static PickleValue? Reduce(PickleGlobal callable, IReadOnlyList<PickleValue> a, string place) => Name(callable) switch
    {
        "dtype" => Dtype(a, place),
        "scalar" => a is [NumpyDtype type, PickleBytes bytes] ? Scalar(type, bytes.Value.Span, place) : throw Wrong(callable, a, place),
        "_reconstruct" => new NumpyArrayShell(),
        "_frombuffer" => a is [PickleBytes bytes, NumpyDtype type, var shape, PickleString order]
            ? Array(type, shape, order.Value == "F", bytes.Value, place)
            : throw Wrong(callable, a, place),
        "scalar type" => a is [var number] ? number : throw Wrong(callable, a, place),
        _ => null,
    };

    /// <summary>Gives a dtype or array its state, or null if the value is neither.</summary>
    public static PickleValue? Build(PickleValue value, PickleValue state, string place)
    {
        if (value is NumpyDtype dtype)
        {
            // (version, byte order, subtype, names, fields, element size, alignment, flags)
            if (state.AsSequence is not [_, PickleString order, ..])
                throw new ModelFormatException(place, "the state of a numpy.dtype", state.ToString());
            dtype.BigEndian = order.Value == ">";
            return dtype;
        }
        if (value is not NumpyArrayShell)
            return null;
        if (state.AsSequence is not [_, var shape, NumpyDtype type, var fortran, var data])
            throw new ModelFormatException(place, "the state of a numpy.ndarray", state.ToString());
        if (type.Type is null && data is PickleList objects)
            return objects;
        return data is PickleBytes bytes
            ? Array(type, shape, fortran is PickleBool { Value: true }, bytes.Value, place)
            : throw new ModelFormatException(place, "the bytes of a numpy.ndarray", data.ToString());
    }

    private static string? Name(PickleGlobal global) => global.Module switch
    {
        "numpy.core.multiarray" or "numpy._core.multiarray" when global.Name is "scalar" or "_reconstruct" => global.Name,
        "numpy.core.numeric" or "numpy._core.numeric" when global.Name == "_frombuffer" => global.Name,
        "numpy" when global.Name is "ndarray" or "dtype" => global.Name,
        "numpy" when global.Name is "float64" or "float32" or "float16" or "int64" or "int32" or "int16" or "int8"
            or "uint64" or "uint32" or "uint16" or "uint8" or "bool_" => "scalar type",
        "numpy.dtypes" => "dtype",
        _ => null,
    };

    private static NumpyDtype Dtype(IReadOnlyList<PickleValue> a, string place)
    {
        string code = a is [PickleString text, ..] ? text.Value
            : a is [PickleGlobal { Module: "builtins" or "__builtin__" } builtin, ..] ? builtin.Name switch { "float" => "f8", "int" => "i8", "bool" => "b1", _ => "O" }
            : throw new ModelFormatException(place, "a numpy type code", string.Join(", ", a));
        var parsed = NumpyTypes.ParseDescription(code);
        return new NumpyDtype(code, parsed?.Type, parsed?.BigEndian ?? false);
    }

    private static PickleTensor Array(NumpyDtype type, PickleValue shape, bool fortran, ReadOnlyMemory<byte> data, string place)
    {
        var sizes = (shape.AsSequence ?? throw new ModelFormatException(place, "a shape", shape.ToString()))
            .Select(s => s.AsInt ?? throw new ModelFormatException(place, "a size", s.ToString())).ToArray();
        if (type.Type is not { } scalar)
            throw new ModelFormatException(place, "an array of numbers", type.ToString());
        var storage = new TensorStorage("a numpy array", data.Length, () => data, type.BigEndian);
        if (!fortran)
            return new PickleTensor(StoredTensor.Create(place, scalar, sizes, 0, storage));
        var strides = StridedCopy.RowMajor([.. sizes.Reverse()]);
        System.Array.Reverse(strides);
        return new PickleTensor(StoredTensor.Create(place, scalar, sizes, strides, 0, storage));
    }

    private static PickleValue Scalar(NumpyDtype dtype, ReadOnlySpan<byte> bytes, string place)
    {
        if (dtype.Type is not { } type)
            return dtype.Code.StartsWith('U') && bytes.Length % 4 == 0
                ? new PickleString((dtype.BigEndian ? new UTF32Encoding(true, false) : Encoding.UTF32).GetString(bytes).TrimEnd('\0'))
                : dtype.Code.StartsWith('S') ? new PickleBytes(bytes.ToArray())
                : throw new ModelFormatException(place, "a numpy number", dtype.ToString());
        if (bytes.Length != type.SizeOf())
            throw new ModelFormatException(place, $"{type.SizeOf()} bytes of {dtype}", $"{bytes.Length}");
        Span<byte> b = stackalloc byte[16];
        bytes.CopyTo(b);
        if (dtype.BigEndian)
            b[..bytes.Length].Reverse();
        return type switch
        {
            ScalarType.Double => new PickleFloat(BinaryPrimitives.ReadDoubleLittleEndian(b)),
            ScalarType.Float => new PickleFloat(BinaryPrimitives.ReadSingleLittleEndian(b)),
            ScalarType.Half => new PickleFloat((double)BinaryPrimitives.ReadHalfLittleEndian(b)),
            ScalarType.BFloat16 => new PickleFloat(new BFloat16(BinaryPrimitives.ReadUInt16LittleEndian(b))),
            ScalarType.Long => new PickleInt(BinaryPrimitives.ReadInt64LittleEndian(b)),
            ScalarType.Int => new PickleInt(BinaryPrimitives.ReadInt32LittleEndian(b)),
            ScalarType.Short => new PickleInt(BinaryPrimitives.ReadInt16LittleEndian(b)),
            ScalarType.Char => new PickleInt((sbyte)b[0]),
            ScalarType.Byte => new PickleInt(b[0]),
            ScalarType.UInt16 => new PickleInt(BinaryPrimitives.ReadUInt16LittleEndian(b)),
            ScalarType.UInt32 => new PickleInt(BinaryPrimitives.ReadUInt32LittleEndian(b)),
            ScalarType.UInt64 => new PickleBigInt(BinaryPrimitives.ReadUInt64LittleEndian(b)),
            ScalarType.Bool => new PickleBool(b[0] != 0),
            _ => throw new ModelFormatException(place, "a real numpy number", dtype.ToString()),
        };
    }

    private static ModelFormatException Wrong(PickleGlobal callable, IReadOnlyList<PickleValue> a, string place) =>
        new(place, $"arguments of {callable}", $"({string.Join(", ", a)})");
}
