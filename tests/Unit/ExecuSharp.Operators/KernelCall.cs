using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Tests.Unit.Operators;

/// <summary>Calls a kernel by its name in a program.</summary>
internal static class KernelCall
{
    public static void Run(string outName, params ReadOnlySpan<EValue> slots) => Run(KernelContext.SingleThreaded(), outName, slots);

    public static void Run(KernelContext context, string outName, params ReadOnlySpan<EValue> slots)
    {
        var op = OperatorTable.Default.FindKernel(outName) ?? throw new InvalidOperationException($"no kernel {outName}");
        op.Kernel!(new KernelArgs(context, slots));
    }

    public static EValue Floats(params ReadOnlySpan<float> values) => EValue.Of(Tensor.From(values, values.Length));

    public static EValue Empty(ScalarType type, params ReadOnlySpan<int> sizes) => EValue.Of(Tensor.Empty(type, sizes));

    public static EValue Ints(params ReadOnlySpan<int> values) => EValue.Of(Tensor.From(values, values.Length));

    public static EValue Longs(params ReadOnlySpan<long> values) => EValue.Of(Tensor.From(values, values.Length));

    public static EValue List(params long[] values) => EValue.Of(values.AsSpan());
}
