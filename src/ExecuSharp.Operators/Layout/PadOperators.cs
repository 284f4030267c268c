using ExecuSharp.Core;
using ExecuSharp.Kernels.Layout;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Layout;

/// <summary>Operators that add a border. Paddings begin with the last dimension: left, right, top, bottom, front, back.</summary>
internal static class PadOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor")
        {
            OutName = "aten::constant_pad_nd.out",
            Kernel = Constant,
            Shape = Shape,
        },
        .. Enumerable.Range(1, 3).SelectMany(n => new[] { Border(n, reflection: true), Border(n, reflection: false) }),
    ];

    private static OperatorDefinition Border(int dims, bool reflection)
    {
        string name = $"aten::{(reflection ? "reflection" : "replication")}_pad{dims}d";
        return new OperatorDefinition($"{name}(Tensor self, SymInt[{2 * dims}] padding) -> Tensor")
        {
            OutName = $"{name}.out",
            Kernel = (in KernelArgs args) => Border(args, dims, reflection),
            Shape = Shape,
        };
    }

    private static void Constant(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), output = args.Tensor(3);
        var pad = args.Ints(1);
        KernelChecks.SameType(self, output);
        KernelChecks.Require(self.Rank == output.Rank, $"an output of {output.Rank} dimensions for {self.Rank}");
        KernelChecks.Require(pad.Length % 2 == 0 && pad.Length / 2 <= self.Rank, $"{pad.Length} paddings for {self.Rank} dimensions");
        foreach (long p in pad)
            KernelChecks.Require(p >= 0, $"padding {p}");
        KernelChecks.SameDimOrders(self, output);
        Resize(self, pad, output);
        int size = self.Type.SizeOf();
        Span<byte> value = stackalloc byte[16];
        Scalars.Write(args.Scalar(2), self.Type, value);
        long still = 0, next = 1;
        StridedCopy.Run(args.Context, value[..size], 0, new(in still), output.Bytes, 0, new(in next), [(int)output.Numel], size);
        Span<long> strides = stackalloc long[self.Rank];
        Span<long> to = stackalloc long[self.Rank];
        // The official kernel takes channels-last memory as if it were contiguous.
        LayoutCopy.ContiguousStrides(self.Sizes, strides);
        LayoutCopy.ContiguousStrides(output.Sizes, to);
        long offset = 0;
        for (int i = 0; i < pad.Length / 2; i++)
            offset += pad[2 * i] * to[^(i + 1)];
        LayoutCopy.Run(args.Context, self, 0, strides, output, offset, to, self.Sizes);
    }

    private static void Border(in KernelArgs args, int dims, bool reflection)
    {
        Tensor self = args.Tensor(0), output = args.Tensor(2);
        var pad = args.Ints(1);
        KernelChecks.Require(pad.Length == 2 * dims, $"{pad.Length} paddings for {dims} dimensions");
        KernelChecks.Require(self.Rank == dims + 1 || self.Rank == dims + 2, $"an input of {self.Rank} dimensions");
        KernelChecks.SameType(self, output);
        for (int i = 0; i < dims; i++)
        {
            long size = self.Sizes[^(i + 1)];
            KernelChecks.Require(size + pad[2 * i] + pad[(2 * i) + 1] >= 0, $"paddings {pad[2 * i]} and {pad[(2 * i) + 1]} of {size}");
            KernelChecks.Require(!reflection || (pad[2 * i] < size && pad[(2 * i) + 1] < size), $"paddings {pad[2 * i]} and {pad[(2 * i) + 1]} of {size}");
        }
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        Resize(self, pad, output);
        if (output.Numel == 0)
            return;
        int width = output.Sizes[^1], height = dims > 1 ? output.Sizes[^2] : 1, depth = dims > 2 ? output.Sizes[^3] : 1;
        using Scratch<int> columns = new(width), rows = new(height), slices = new(depth);
        rows.Span.Clear();
        slices.Span.Clear();
        Map(columns.Span, self.Sizes[^1], pad[0], reflection);
        if (dims > 1)
            Map(rows.Span, self.Sizes[^2], pad[2], reflection);
        if (dims > 2)
            Map(slices.Span, self.Sizes[^3], pad[4], reflection);
        switch (self.Type.SizeOf())
        {
            case 1: Copy<byte>(self, output, dims, slices.Span, rows.Span, columns.Span); break;
            case 2: Copy<ushort>(self, output, dims, slices.Span, rows.Span, columns.Span); break;
            case 4: Copy<uint>(self, output, dims, slices.Span, rows.Span, columns.Span); break;
            case 8: Copy<ulong>(self, output, dims, slices.Span, rows.Span, columns.Span); break;
            default: Copy<UInt128>(self, output, dims, slices.Span, rows.Span, columns.Span); break;
        }
    }

    private static void Map(Span<int> map, int size, long pad, bool reflection)
    {
        for (int i = 0; i < map.Length; i++)
        {
            long from = i - pad;
            if (reflection)
                from = from < 0 ? -from : from >= size ? (2L * size) - from - 2 : from;
            else
                from = Math.Clamp(from, 0, size - 1);
            KernelChecks.Require(from >= 0 && from < size, $"element {from} of {size}");
            map[i] = (int)from;
        }
    }

    private static void Copy<T>(Tensor self, Tensor output, int dims, ReadOnlySpan<int> slices, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns) where T : unmanaged
    {
        var from = self.Span<T>();
        var to = output.Span<T>();
        int width = self.Sizes[^1], height = dims > 1 ? self.Sizes[^2] : 1, depth = dims > 2 ? self.Sizes[^3] : 1;
        int volume = width * height * depth;
        int at = 0;
        for (int start = 0; start < from.Length; start += volume)
            foreach (int z in slices)
                foreach (int y in rows)
                {
                    var row = from.Slice(start + (((z * height) + y) * width), width);
                    foreach (int x in columns)
                        to[at++] = row[x];
                }
    }

    private static void Resize(Tensor self, ReadOnlySpan<long> pad, Tensor output)
    {
        Span<int> sizes = stackalloc int[self.Rank];
        self.Sizes.CopyTo(sizes);
        for (int i = 0; i < pad.Length / 2; i++)
        {
            long size = sizes[^(i + 1)] + pad[2 * i] + pad[(2 * i) + 1];
            KernelChecks.Require(size is >= 0 and <= int.MaxValue, $"a size of {size}");
            sizes[^(i + 1)] = (int)size;
        }
        KernelChecks.ResizeOut(output, sizes);
    }

    private static TensorSpec[] Shape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        var pad = args[1].AsDims();
        Specs.Require(pad.Length % 2 == 0 && pad.Length / 2 <= self.Rank, $"{pad.Length} paddings of {self}");
        var sizes = (Dim[])self.Sizes.Clone();
        for (int i = 0; i < pad.Length / 2; i++)
            sizes[^(i + 1)] = sizes[^(i + 1)] + (pad[2 * i] + pad[(2 * i) + 1]);
        return [Specs.Like(self, sizes)];
    }
}
