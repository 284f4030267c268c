using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Pointwise;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Copying;

/// <summary>Copies and conversions.</summary>
internal static class CopyOperators
{
    // MemoryFormat numbers of c10.
    private const long ContiguousFormat = 0;

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::alias_copy(Tensor self) -> Tensor")
        { OutName = "aten::alias_copy.out", Kernel = Same, Shape = ShapeRules.SameAsFirst },
        new("aten::detach_copy(Tensor self) -> Tensor")
        { OutName = "aten::detach_copy.out", Kernel = Same, Shape = ShapeRules.SameAsFirst },
        new("aten::lift_fresh_copy(Tensor self) -> Tensor")
        { OutName = "aten::lift_fresh_copy.out", Kernel = Same, Shape = ShapeRules.SameAsFirst },
        new("aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor")
        { OutName = "aten::clone.out", Kernel = Clone, Shape = ShapeRules.SameAsFirst },
        new("aten::_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool non_blocking=False, MemoryFormat? memory_format=None) -> Tensor")
        { OutName = "aten::_to_copy.out", Kernel = ToCopy, Shape = ToCopyShape },
        new("aten::copy(Tensor self, Tensor src, bool non_blocking=False) -> Tensor")
        { OutName = "aten::copy.out", Kernel = Copy, Shape = ShapeRules.SameAsFirst },
        new("aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)")
        { OutName = "aten::copy_", Kernel = CopyInPlace, Shape = ShapeRules.SameAsFirst, IsPure = false },
        new("aten::_conj_physical(Tensor self) -> Tensor")
        { OutName = "aten::_conj_physical.out", Kernel = ComplexKernels.Conjugate, Shape = ShapeRules.SameAsFirst },
        new("aten::view_as_real_copy(Tensor self) -> Tensor")
        { OutName = "aten::view_as_real_copy.out", Kernel = ComplexKernels.ViewAsReal, Shape = ComplexKernels.ViewAsRealShape },
    ];

    private static TensorSpec[] ToCopyShape(IReadOnlyList<Argument> args) =>
        [args[0].AsSpec() with { Type = args[1].IsNone ? args[0].AsSpec().Type : args[1].AsScalarType() }];

    private static void Same(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(args.Count - 1);
        UnaryChecks.SameTypeAndOrder(x, output);
        x.Bytes.CopyTo(output.Bytes);
    }

    private static void Clone(in KernelArgs args)
    {
        RequireContiguousFormat(args.OptionalInt(1));
        Same(args);
    }

    private static void ToCopy(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3);
        RequireBlocking(args.Bool(1));
        RequireContiguousFormat(args.OptionalInt(2));
        UnaryChecks.RealOrBool(x, output);
        KernelChecks.ResizeOut(output, x.Sizes);
        KernelChecks.SameDimOrders(x, output);
        KernelChecks.ContiguousOrder(x);
        Convert(args, x, output);
    }

    private static void Copy(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), source = args.Tensor(1), output = args.Tensor(3);
        RequireBlocking(args.Bool(2));
        UnaryChecks.RealOrBool(source, output);
        KernelChecks.SameType(self, output);
        KernelChecks.Require(Broadcasting.CanExpand(source.Sizes, self.Sizes), $"sizes {Tensor.Format(source.Sizes)} do not expand to {Tensor.Format(self.Sizes)}");
        KernelChecks.ResizeOut(output, self.Sizes);
        Convert(args, source, output);
    }

    private static void CopyInPlace(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), source = args.Tensor(1);
        RequireBlocking(args.Bool(2));
        UnaryChecks.RealOrBool(source, self);
        KernelChecks.Require(Broadcasting.CanExpand(source.Sizes, self.Sizes), $"sizes {Tensor.Format(source.Sizes)} do not expand to {Tensor.Format(self.Sizes)}");
        Convert(args, source, self);
    }

    /// <summary>Converts and broadcasts; the output has its sizes.</summary>
    private static void Convert(in KernelArgs args, Tensor source, Tensor output)
    {
        if (source.Type == output.Type && Broadcasting.SameButLeadingOnes(source.Sizes, output.Sizes))
            source.Bytes.CopyTo(output.Bytes);
        else
            ElementDispatch.RealOrBool(output.Type, new Conversion(source, output));
    }

    private readonly struct Conversion(Tensor source, Tensor output) : IElementAction
    {
        private const int Block = 512;

        public void Run<T>() where T : unmanaged
        {
            var target = output.Span<T>();
            bool linear = Broadcasting.SameButLeadingOnes(source.Sizes, output.Sizes);
            if (linear)
            {
                ElementBlocks.Load(source, 0, 1, target);
                return;
            }
            var reader = new OperandReader<T>(source, output.Sizes, linear, output.Type, stackalloc T[Block]);
            for (int at = 0; at < target.Length; at += Block)
            {
                int n = Math.Min(Block, target.Length - at);
                reader.Read(at, n).CopyTo(target.Slice(at, n));
            }
        }
    }

    private static void RequireBlocking(bool nonBlocking) => KernelChecks.Require(!nonBlocking, "non_blocking is not supported");

    private static void RequireContiguousFormat(long? format) =>
        KernelChecks.Require(format is null or ContiguousFormat, $"memory format {format} is not supported");
}
