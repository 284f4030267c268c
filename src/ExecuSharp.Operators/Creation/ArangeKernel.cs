using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Creation;

/// <summary>start, start + step, … below end.</summary>
internal static class ArangeKernel
{
    public static void ToEnd(in KernelArgs args) => Run(0, Number(args.Scalar(0)), 1, args.Tensor(1));

    public static void FromStart(in KernelArgs args) =>
        Run(Number(args.Scalar(0)), Number(args.Scalar(1)), Number(args.Scalar(2)), args.Tensor(3));

    public static TensorSpec[] ToEndShape(IReadOnlyList<Argument> args) => [Spec(0L, args[0], 1L, args[1])];

    public static TensorSpec[] FromStartShape(IReadOnlyList<Argument> args) => [Spec(args[0], args[1], args[2], args[3])];

    private static TensorSpec Spec(Argument start, Argument end, Argument step, Argument type)
    {
        bool integral = new[] { start, end, step }.All(a => a.IsInt || (a.IsValue && a.AsValue().Kind == ValueKind.Int));
        var element = !type.IsNone ? type.AsScalarType() : integral ? ScalarType.Long : ScalarType.Float;
        if (integral && new[] { start, end, step }.Any(a => a.IsValue))
        {
            Dim by = step.AsDim();
            return new TensorSpec(element, (end.AsDim() - start.AsDim() + by - 1) / by);
        }
        double length = Math.Ceiling((end.AsDouble() - start.AsDouble()) / step.AsDouble());
        if (!(length >= 0 && length <= int.MaxValue))
            throw new InvalidOperationException($"arange from {start} to {end} by {step}");
        return new TensorSpec(element, (long)length);
    }

    private static double Number(Scalar number)
    {
        KernelChecks.Require(!number.IsBool, "a bound of arange is a truth value");
        return number.ToDouble();
    }

    private static void Run(double start, double end, double step, Tensor output)
    {
        KernelChecks.Require(output.Rank == 1, $"the output has {output.Rank} dimensions, not 1");
        KernelChecks.Require((step > 0 && end >= start) || (step < 0 && end <= start), $"arange from {start} to {end} by {step}");
        KernelChecks.ContiguousOrder(output);
        KernelChecks.Require(Promotion.IsReal(output.Type), $"the output is {output.Type.Name()}");
        double length = Math.Ceiling((end - start) / step);
        KernelChecks.Require(length <= int.MaxValue, $"{length} elements");
        KernelChecks.ResizeOut(output, [(int)length]);
        ElementDispatch.RealOrBool(output.Type, new Fill(start, step, output));
    }

    private readonly struct Fill(double start, double step, Tensor output) : IElementAction
    {
        public void Run<T>() where T : unmanaged
        {
            var target = output.Span<T>();
            for (int i = 0; i < target.Length; i++)
                target[i] = ElementCast.Cast<double, T>(start + (i * step));
        }
    }
}
