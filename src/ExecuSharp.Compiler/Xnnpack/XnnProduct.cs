using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>The parts of a linear layer, matrix product or convolution.</summary>
/// <param name="Input">What is multiplied.</param>
/// <param name="Weight">The weight.</param>
/// <param name="Bias">The bias, or none.</param>
/// <param name="Channel">The dimension of output channels in the weight.</param>
internal sealed record XnnProduct(Value Input, Value Weight, Argument Bias, int Channel)
{
    /// <summary>The parts of a call, or null if it is no such product.</summary>
    public static XnnProduct? Of(Node node) => node.Op switch
    {
        "aten::linear" => Of(node, 0, 1, node.Args[2], 0),
        "aten::convolution" => Of(node, 0, 1, node.Args[2], node.Args[6].AsBool() ? 1 : 0),
        "aten::addmm" => Of(node, 1, 2, node.Args[0], 1),
        "aten::mm" => Of(node, 0, 1, Argument.None, 1),
        _ => null,
    };

    private static XnnProduct Of(Node node, int input, int weight, Argument bias, int channel) =>
        new(node.Args[input].AsValue(), node.Args[weight].AsValue(), bias, channel);
}
