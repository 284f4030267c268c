using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Quantized;

/// <summary>Rows of a quantized table as numbers, with one scale for each row or for each group of a row.</summary>
internal static class QuantizedEmbeddingOperators
{
    private const string Arguments = "Tensor weight, Tensor weight_scales, Tensor? weight_zero_points, int weight_quant_min, int weight_quant_max, Tensor indices";

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        Row("byte", 8, dtype: false),
        Row("byte", 8, dtype: true),
        Row("2bit", 2, dtype: false),
        Row("2bit", 2, dtype: true),
        Row("4bit", 4, dtype: false),
        Row("4bit", 4, dtype: true),
    ];

    private static OperatorDefinition Row(string kind, int bits, bool dtype)
    {
        string name = $"quantized_decomposed::embedding_{kind}";
        return new OperatorDefinition(dtype ? $"{name}.dtype({Arguments}, *, ScalarType? dtype=None) -> Tensor" : $"{name}({Arguments}) -> Tensor")
        {
            OutName = $"{name}.{(dtype ? "dtype_out" : "out")}",
            Kernel = (in KernelArgs args) => Embed(args, bits, dtype ? args.OptionalInt(6) : null, args.Tensor(dtype ? 7 : 6)),
            Shape = args => Shape(args, bits, dtype ? args[6] : Argument.None),
        };
    }

    private static void Embed(in KernelArgs args, int bits, long? dtype, Tensor output)
    {
        Tensor weight = args.Tensor(0), scales = args.Tensor(1), indices = args.Tensor(5);
        var zeroPoints = args.OptionalTensor(2);
        Check(weight, scales, zeroPoints, indices, bits, output);
        KernelChecks.Require(args.Int(3) <= args.Int(4), $"limits {args.Int(3)} and {args.Int(4)}");
        KernelChecks.Require(dtype is null || dtype == (long)output.Type, $"an output of type {output.Type.Name()}");
        int columns = weight.Sizes[1] * (8 / bits), groups = scales.Rank == 2 ? scales.Sizes[1] : 1;
        KernelChecks.Require(groups > 0 && columns % groups == 0, $"{groups} groups of {columns}");
        Span<int> sizes = stackalloc int[indices.Rank + 1];
        indices.Sizes.CopyTo(sizes);
        sizes[^1] = columns;
        KernelChecks.Require(output.Rank == sizes.Length, $"an output {output}");
        KernelChecks.ResizeOut(output, sizes);
        using Scratch<float> scaleRoom = new(groups), zeroRoom = new(groups), rowRoom = new(columns);
        Span<float> factors = scaleRoom.Span, zeros = zeroRoom.Span, row = rowRoom.Span;
        zeros.Clear();
        for (int i = 0; i < indices.Numel; i++)
        {
            long index = ElementBlocks.Element<long>(indices, i);
            KernelChecks.Require(index >= 0 && index < weight.Sizes[0], $"index {index} of {weight.Sizes[0]} rows");
            var codes = weight.Span<byte>().Slice((int)index * weight.Sizes[1], weight.Sizes[1]);
            ElementBlocks.Load(scales, index * groups, 1, factors);
            if (zeroPoints is not null)
                ElementBlocks.Load(zeroPoints, index * groups, 1, zeros);
            for (int j = 0; j < columns; j++)
            {
                int group = j / (columns / groups);
                row[j] = (Code(codes, j, bits, weight.Type) - zeros[group]) * factors[group];
            }
            ElementBlocks.Store<float>(row, output, (long)i * columns);
        }
    }

    // 4 bits: the even column is the upper half of the byte. 2 bits: the first column is lowest. Both are stored with an offset.
    private static int Code(ReadOnlySpan<byte> codes, int column, int bits, ScalarType type) => bits switch
    {
        2 => ((codes[column / 4] >> (2 * (column % 4))) & 3) - 2,
        4 => (column % 2 == 0 ? codes[column / 2] >> 4 : codes[column / 2] & 15) - 8,
        _ => type == ScalarType.Char ? (sbyte)codes[column] : codes[column],
    };

    private static void Check(Tensor weight, Tensor scales, Tensor? zeroPoints, Tensor indices, int bits, Tensor output)
    {
        KernelChecks.Require(weight.Rank == 2 && (weight.Type == ScalarType.Byte || (weight.Type == ScalarType.Char && bits == 8)), $"a weight {weight}");
        KernelChecks.Require(scales.Rank is 1 or 2 && scales.Sizes[0] == weight.Sizes[0] && IsNumber(scales), $"scales {scales} for {weight}");
        KernelChecks.Require(IsNumber(output), $"an output of type {output.Type.Name()}");
        KernelChecks.Require(zeroPoints is null || (zeroPoints.Sizes.SequenceEqual(scales.Sizes) && IsNumber(zeroPoints)), $"zero points {zeroPoints} for scales {scales}");
        KernelChecks.Require(indices.Type == ScalarType.Long || (indices.Type == ScalarType.Int && bits < 8), $"indices of type {indices.Type.Name()}");
    }

    private static bool IsNumber(Tensor t) => t.Type is ScalarType.Float or ScalarType.Half or ScalarType.BFloat16;

    private static TensorSpec[] Shape(IReadOnlyList<Argument> args, int bits, Argument dtype)
    {
        TensorSpec weight = args[0].AsSpec(), indices = args[5].AsSpec();
        Specs.Require(weight.Rank == 2, $"embedding with {weight}");
        return [new TensorSpec(Specs.TypeOr(dtype, args[1].AsSpec().Type), [.. indices.Sizes, weight.Sizes[1] * (8 / bits)])];
    }
}
