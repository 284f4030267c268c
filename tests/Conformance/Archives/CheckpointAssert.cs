using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Formats.TorchArchive;

namespace ExecuSharp.Tests.Conformance.Archives;

/// <summary>Compares what was read from a checkpoint with the recorded contents.</summary>
internal static class CheckpointAssert
{
    /// <summary>Every recorded tensor must be there with the same type, shape and bytes. Returns how many were compared.</summary>
    public static int Equal(SafeTensorsFile expected, Func<string, StoredTensor?> actual)
    {
        foreach (var (name, want) in expected.Tensors)
        {
            var got = actual(name);
            Assert.True(got is not null, $"tensor '{name}' is missing");
            Equal(name, want, got!);
        }
        return expected.Names.Count;
    }

    public static void Equal(string name, StoredTensor want, StoredTensor got)
    {
        bool complex = got.Type.IsComplex();
        long[] shape = complex ? [.. got.Shape, 2] : got.Shape.ToArray();
        Assert.True(want.Shape.SequenceEqual(shape), $"{name}: {got} instead of {want}");
        Assert.True(Plain(want.Type) == Plain(got.Type), $"{name}: {got.Type} instead of {want.Type}");
        Assert.True(want.Bytes().Span.SequenceEqual(got.Bytes().Span), $"{name}: other bytes");
    }

    /// <summary>How many tensors a tree holds, each read.</summary>
    public static int Count(PickleValue value)
    {
        if (value is not PickleTensor { Tensor: var tensor })
            return value.Children.Sum(Count);
        Assert.Equal(tensor.ByteLength, tensor.Bytes().Length);
        return 1;
    }

    /// <summary>All tensors of a tree by path, with <c>.</c> between keys and <c>[i]</c>-free indices.</summary>
    public static Dictionary<string, StoredTensor> Flatten(PickleValue root)
    {
        var all = new Dictionary<string, StoredTensor>();
        Walk("", root);
        return all;

        void Walk(string path, PickleValue value)
        {
            switch (value)
            {
                case PickleTensor t: all[path] = t.Tensor; break;
                case PickleDict d: foreach (var (k, v) in d.Items) Walk(Join(path, k.AsString ?? k.ToString()), v); break;
                default:
                    if (value.AsSequence is { } items)
                        for (int i = 0; i < items.Count; i++)
                            Walk(Join(path, i.ToString()), items[i]);
                    break;
            }
        }

        static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
    }

    // recorded files hold the parts of complex numbers and the integers of quantized ones
    private static ScalarType Plain(ScalarType type) => type switch
    {
        ScalarType.ComplexFloat => ScalarType.Float,
        ScalarType.ComplexDouble => ScalarType.Double,
        ScalarType.QInt8 => ScalarType.Char,
        ScalarType.QUInt8 => ScalarType.Byte,
        ScalarType.QInt32 => ScalarType.Int,
        ScalarType.Float8E4M3Fn or ScalarType.Float8E5M2 => ScalarType.Byte,
        _ => type,
    };
}
