using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Builtin;

/// <summary>The built-in operators of tensors: a view that shares memory, and the write of one slice.</summary>
internal static class TensorBuiltins
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("executorch_prim::et_view.default(Tensor self, int[] size) -> Tensor")
        { OutName = "executorch_prim::et_view.default", Kernel = View, IsBuiltin = true, Shape = ViewShape },
        new("executorch_prim::et_copy_index.tensor(Tensor copy_to, Tensor copy_from, int index) -> ()")
        { OutName = "executorch_prim::et_copy_index.tensor", Kernel = CopyIndex, IsBuiltin = true, OutCount = 0, IsPure = false },
    ];

    private static TensorSpec[] ViewShape(IReadOnlyList<Argument> args)
    {
        var spec = args[0].AsSpec();
        var sizes = args[1].AsDims();
        int open = Array.FindIndex(sizes, d => d is { IsStatic: true, Value: -1 });
        if (open >= 0)
        {
            Dim all = spec.Sizes.Aggregate((Dim)1, (n, d) => n * d);
            Dim others = sizes.Where((_, i) => i != open).Aggregate((Dim)1, (n, d) => n * d);
            sizes[open] = all / others;
        }
        return [new TensorSpec(spec.Type, sizes)];
    }

    private static void View(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(2);
        var size = args.Ints(1);
        KernelChecks.SameType(x, output);
        KernelChecks.Require(size.Length == output.Rank, $"{size.Length} sizes for an output of {output.Rank} dimensions");
        Span<int> sizes = stackalloc int[size.Length];
        int open = -1;
        long known = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (size[i] == -1)
            {
                KernelChecks.Require(open < 0, "two sizes are -1");
                open = i;
                continue;
            }
            KernelChecks.Require(size[i] is >= 0 and <= int.MaxValue, $"size {size[i]}");
            sizes[i] = (int)size[i];
            known = checked(known * size[i]);
        }
        if (open >= 0)
        {
            KernelChecks.Require(known != 0, "a size is -1 beside a 0");
            sizes[open] = (int)(x.Numel / known);
        }
        Resize(output, sizes, ErrorCode.Internal);
        KernelChecks.Require(x.Numel == output.Numel, $"a view of {x.Numel} elements with {output.Numel}");
        output.Storage = x.Storage;
    }

    /// <summary>Copies bytes; element types and sizes are not compared.</summary>
    private static void CopyIndex(in KernelArgs args)
    {
        Tensor target = args.Tensor(0), source = args.Tensor(1);
        long index = args.Int(2);
        KernelChecks.Require(index is >= 0 and < int.MaxValue, $"index {index}");
        KernelChecks.Require(target.Rank == source.Rank + 1, $"{source.Rank} dimensions into {target.Rank}");
        KernelChecks.Require(target.Sizes[1..].SequenceEqual(source.Sizes), $"sizes {Tensor.Format(source.Sizes)} into {Tensor.Format(target.Sizes)}");
        Span<int> sizes = stackalloc int[target.Rank];
        target.Sizes.CopyTo(sizes);
        sizes[0] = (int)index + 1;
        Resize(target, sizes, ErrorCode.InvalidState);
        long offset = index * source.ByteLength;
        KernelChecks.Require(offset + source.ByteLength <= target.ByteLength, "the target is too small");
        source.Bytes.CopyTo(target.Bytes[(int)offset..]);
    }

    private static void Resize(Tensor tensor, ReadOnlySpan<int> sizes, ErrorCode code)
    {
        try
        {
            tensor.Resize(sizes);
        }
        catch (ExecuTorchException e)
        {
            throw new ExecuTorchException(code, e.Detail, e);
        }
    }
}
