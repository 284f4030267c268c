using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Pointwise;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Copying;

/// <summary>Operators of complex tensors, whose elements are pairs of real and imaginary part.</summary>
internal static class ComplexKernels
{
    /// <summary>Sizes with a last dimension of 2, of the parts' type.</summary>
    public static TensorSpec[] ViewAsRealShape(IReadOnlyList<Argument> args)
    {
        var spec = args[0].AsSpec();
        return [new TensorSpec(PartType(spec.Type) ?? throw new InvalidOperationException($"{spec} is not complex"), [.. spec.Sizes, 2])];
    }

    /// <summary>aten::_conj_physical.out.</summary>
    public static void Conjugate(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        KernelChecks.Require(x.Type.IsComplex(), $"{x.Type.Name()} is not complex");
        UnaryChecks.SameTypeAndOrder(x, output);
        var target = output.Bytes;
        x.Bytes.CopyTo(target);
        int part = x.Type.SizeOf() / 2;
        for (int i = (2 * part) - 1; i < target.Length; i += 2 * part)
            target[i] ^= 0x80;
    }

    /// <summary>aten::view_as_real_copy.out.</summary>
    public static void ViewAsReal(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        Span<int> sizes = stackalloc int[x.Rank + 1];
        x.Sizes.CopyTo(sizes);
        sizes[^1] = 2;
        // the official kernel takes as many sizes as the output has dimensions
        KernelChecks.Require(output.Rank <= sizes.Length, $"the output has {output.Rank} dimensions, not {sizes.Length}");
        KernelChecks.ResizeOut(output, sizes[..output.Rank]);
        KernelChecks.Require(PartType(x.Type) is not null, $"{x.Type.Name()} is not complex");
        KernelChecks.Require(output.Type is ScalarType.Half or ScalarType.Float or ScalarType.Double, $"the output is {output.Type.Name()}");
        KernelChecks.SameDimOrders(x, output);
        var type = PartType(x.Type)!.Value;
        switch (output.Type)
        {
            case ScalarType.Half: ElementBlocks.Load(type, x.Bytes, 0, 1, output.Span<Half>()); break;
            case ScalarType.Float: ElementBlocks.Load(type, x.Bytes, 0, 1, output.Span<float>()); break;
            default: ElementBlocks.Load(type, x.Bytes, 0, 1, output.Span<double>()); break;
        }
    }

    private static ScalarType? PartType(ScalarType type) => type switch
    {
        ScalarType.ComplexHalf => ScalarType.Half,
        ScalarType.ComplexFloat => ScalarType.Float,
        ScalarType.ComplexDouble => ScalarType.Double,
        _ => null,
    };
}
