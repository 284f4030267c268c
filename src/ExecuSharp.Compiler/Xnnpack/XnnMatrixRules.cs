using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>Matrix products.</summary>
internal static class XnnMatrixRules
{
    public static IEnumerable<(string, XnnRule)> Rows
    {
        get
        {
            yield return ("aten::linear", new XnnRule(CheckLinear, LowerLinear));
            yield return ("aten::addmm", new XnnRule(CheckAddMm, LowerAddMm));
            yield return ("aten::mm", new XnnRule((_, _) => null, LowerMm));
            yield return ("aten::bmm", new XnnRule((_, c) => XnnElementwiseRules.Since(c, XnnNodeType.BatchMatrixMultiply), LowerBmm));
        }
    }

    private static string? CheckLinear(Node node, XnnCheck check)
    {
        if (!check.IsConstant(node.Args[1]))
            return "the weight is no constant";
        if (!node.Args[2].IsNone && !check.IsConstant(node.Args[2]))
            return "the bias is no constant";
        return node.Output.Spec.Rank < 1 ? "it has no dimension" : null;
    }

    private static void LowerLinear(Node node, XnnBuilder builder) => builder.Add(new XnnFullyConnectedNode(
        builder.Id(node.Args[0].AsValue()),
        builder.Filter(node.Args[1], weight => weight, 0),
        builder.Bias(node.Args[2], node.Args[0], node.Args[1]),
        builder.Bind(node.Output),
        0));

    private static string? CheckAddMm(Node node, XnnCheck check)
    {
        if (node.Arg("beta").AsScalar().ToDouble() != 1 || node.Arg("alpha").AsScalar().ToDouble() != 1)
            return "XNNPACK has no alpha and beta";
        if (!check.IsConstant(node.Args[2]))
            return "the weight is no constant";
        return check.IsConstant(node.Args[0]) && node.Args[0].AsSpec().MaxNumel == node.Output.Spec.MaxSizes[1] ? null : "the bias is no constant vector";
    }

    private static void LowerAddMm(Node node, XnnBuilder builder) => builder.Add(new XnnFullyConnectedNode(
        builder.Id(node.Args[1].AsValue()), Transposed(node.Args[2], builder), builder.Bias(node.Args[0], node.Args[1], node.Args[2]), builder.Bind(node.Output), 0));

    private static void LowerMm(Node node, XnnBuilder builder)
    {
        Value a = node.Args[0].AsValue(), b = node.Args[1].AsValue();
        if (builder.IsConstant(b))
            builder.Add(new XnnFullyConnectedNode(builder.Id(a), Transposed(b, builder), XnnValue.None, builder.Bind(node.Output), 0));
        else
            builder.Add(new XnnBinaryNode(XnnNodeType.BatchMatrixMultiply, builder.Id(a), builder.Id(b), builder.Bind(node.Output), 0));
    }

    private static void LowerBmm(Node node, XnnBuilder builder) =>
        builder.Add(new XnnBinaryNode(XnnNodeType.BatchMatrixMultiply, builder.Id(node.Args[0].AsValue()), builder.Id(node.Args[1].AsValue()), builder.Bind(node.Output), 0));

    private static uint Transposed(Argument weight, XnnBuilder builder) => builder.Filter(weight, w => TensorTransforms.Permute(w, 1, 0), 0);
}
