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
