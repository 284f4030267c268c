using ExecuSharp.Core;
using ExecuSharp.Kernels;
using static ExecuSharp.Tests.Unit.Operators.KernelCall;

namespace ExecuSharp.Tests.Unit.Operators;

public class AllocationTests
{
    [Fact]
    public void CommonCallsAllocateNothing()
    {
        EValue x = Empty(ScalarType.Float, 4, 64), row = Empty(ScalarType.Float, 64), half = Empty(ScalarType.Half, 4, 64), mask = Empty(ScalarType.Bool, 4, 64);
        EValue y = Empty(ScalarType.Float, 4, 64), one = EValue.Of(1L), sums = Empty(ScalarType.Float, 4), no = EValue.Of(false), none = EValue.None();
        EValue last = List(-1), size = EValue.None();
        var calls = new Dictionary<string, EValue[]>
        {
            ["aten::add.out"] = [x, row, one, y],
            ["aten::mul.Scalar_out"] = [x, EValue.Of(2.0), y],
            ["aten::relu.out"] = [x, y],
            ["aten::gelu.out"] = [x, EValue.Of("none"), y],
            ["aten::exp.out"] = [half, y],
            ["aten::where.self_out"] = [mask, x, row, y],
            ["aten::lt.Tensor_out"] = [x, y, mask],
            ["aten::clamp.out"] = [x, EValue.Of(0.0), none, y],
            ["aten::_softmax.out"] = [x, EValue.Of(-1L), no, y],
            ["aten::sum.IntList_out"] = [x, last, no, none, sums],
            ["aten::mean.out"] = [x, last, no, none, sums],
            ["aten::amax.out"] = [x, last, no, sums],
            ["aten::_to_copy.out"] = [half, no, none, y],
            ["aten::copy_"] = [y, x, no],
            ["aten::full.out"] = [List(4, 64), one, y],
            ["aten::sym_size.int"] = [x, EValue.Of(1L), size],
            ["executorch_prim::add.Scalar"] = [one, one, size],
        };
        AllocateNothing(calls);
    }

    [Fact]
    public void ProductsAndCopiesAllocateNothing()
    {
        EValue x = Empty(ScalarType.Float, 4, 64), t = Empty(ScalarType.Float, 64, 4), square = Empty(ScalarType.Float, 4, 4), weight = Empty(ScalarType.Float, 8, 64);
        EValue y = Empty(ScalarType.Float, 4, 8), like = Empty(ScalarType.Float, 4, 64), moments = Empty(ScalarType.Float, 4, 1), moreMoments = Empty(ScalarType.Float, 4, 1);
        EValue image = Empty(ScalarType.Float, 1, 2, 8, 8), same = Empty(ScalarType.Float, 1, 2, 8, 8), kernel = Empty(ScalarType.Float, 2, 2, 3, 3), pooled = Empty(ScalarType.Float, 1, 2, 4, 4);
        EValue none = EValue.None(), no = EValue.Of(false), zero = EValue.Of(0L), one = EValue.Of(1L), two = List(2, 2), ones = List(1, 1), zeros = List(0, 0);
        EValue both = EValue.Tensors([x, like]), joined = Empty(ScalarType.Float, 8, 64), places = Empty(ScalarType.Long, 1, 2, 4, 4), rows = Empty(ScalarType.Float, 2, 64);
        EValue batch = Empty(ScalarType.Float, 2, 4, 8), other = Empty(ScalarType.Float, 2, 8, 4), products = Empty(ScalarType.Float, 2, 4, 4), half = Empty(ScalarType.Half, 4, 64), halfWeight = Empty(ScalarType.Half, 8, 64), halfOut = Empty(ScalarType.Half, 4, 8);
        EValue indices = Longs(1, 2), bias = Empty(ScalarType.Float, 8);
        AllocateNothing(new Dictionary<string, EValue[]>
        {
            ["aten::mm.out"] = [x, t, square],
            ["aten::bmm.out"] = [batch, other, products],
            ["aten::linear.out"] = [half, halfWeight, none, halfOut],
            ["aten::addmm.out"] = [square, x, t, one, one, square],
            ["aten::convolution.out"] = [image, kernel, none, ones, ones, ones, no, zeros, one, same],
            ["aten::native_layer_norm.out"] = [x, List(64), none, none, EValue.Of(1e-5), like, moments, moreMoments],
            ["aten::avg_pool2d.out"] = [image, two, two, zeros, no, no, none, pooled],
            ["aten::max_pool2d_with_indices.out"] = [image, two, two, zeros, ones, no, pooled, places],
            ["aten::permute_copy.out"] = [x, List(1, 0), t],
            ["aten::view_copy.out"] = [x, List(64, 4), t],
            ["aten::slice_copy.Tensor_out"] = [x, zero, one, EValue.Of(3L), one, rows],
            ["aten::cat.out"] = [both, zero, joined],
            ["aten::constant_pad_nd.out"] = [rows, List(0, 0, 1, 1), zero, like],
            ["aten::expand_copy.out"] = [Empty(ScalarType.Float, 1, 64), List(4, 64), no, like],
            ["aten::embedding.out"] = [x, indices, zero, no, no, rows],
        });
    }

    private static void AllocateNothing(Dictionary<string, EValue[]> calls)
    {
        var context = KernelContext.SingleThreaded();
        foreach (var (name, slots) in calls)
        {
            for (int i = 0; i < 100; i++)
                Run(context, name, slots);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                Run(context, name, slots);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(bytes == 0, $"{name} allocates {bytes / 100.0} bytes a call");
        }
    }
}
