using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Kernels;
using ExecuSharp.Runtime.XnnPack.Elementwise;

namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>Makes the steps of a graph and brings them into an order in which every value is written before it is read.</summary>
internal sealed class OperatorLoader
{
    private readonly ValueTable values;
    private readonly ElementwiseBuilder elementwise;
    private readonly MovementBuilder movement;
    private readonly LinearBuilder linear;
    private readonly ConvolutionBuilder convolution;
    private readonly PoolingBuilder pooling;

    public OperatorLoader(ValueTable values, KernelContext context)
    {
        this.values = values;
        elementwise = new ElementwiseBuilder(values);
        movement = new MovementBuilder(values);
        linear = new LinearBuilder(values, context);
        convolution = new ConvolutionBuilder(values, context);
        pooling = new PoolingBuilder(values);
    }

    /// <summary>Makes the steps.</summary>
    /// <exception cref="ExecuTorchException">The official backend refuses a node, with the same code.</exception>
    public XnnOperator[] Load(IReadOnlyList<XnnNode> nodes)
    {
        var operators = new List<XnnOperator>();
        foreach (var (single, quantized) in values.Conversions)
            operators.Add(new DynamicQuantizeOperator(single, quantized));
        foreach (var node in nodes)
        {
            var step = Make(node);
            foreach (var output in step.Outputs)
                if (output.IsConstant || output.IsInput)
                    throw new ExecuTorchException(ErrorCode.Internal, $"{node.Type} writes to {output}, which is no result");
            step.Kind = node.Type.ToString();
            operators.Add(step);
        }
        return Sort(operators);
    }

    private XnnOperator Make(XnnNode node)
    {
        switch (node)
        {
            case XnnUnaryNode { Type: XnnNodeType.Copy } n: return movement.Copy(n);
            case XnnUnaryNode { Type: XnnNodeType.Convert } n: return elementwise.Convert(n);
            case XnnUnaryNode { Type: XnnNodeType.Softmax } n: return elementwise.Softmax(n);
            case XnnUnaryNode { Type: XnnNodeType.GlobalAvgPooling2d } n: return pooling.Global(n);
            case XnnUnaryNode n: return elementwise.Unary(n, n.Input, n.Output, 0);
            case XnnSlopeNode n: return elementwise.Unary(n, n.Input, n.Output, n.Parameter);
            case XnnBinaryNode { Type: XnnNodeType.BatchMatrixMultiply } n: return linear.BatchMatrixMultiply(n);
            case XnnBinaryNode n: return elementwise.Binary(n);
            case XnnFullyConnectedNode n: return linear.FullyConnected(n);
            case XnnConvolutionNode n: return convolution.Convolution(n);
            case XnnPoolingNode n: return pooling.Pooling(n);
            case XnnArgMaxPoolingNode n: return pooling.ArgMax(n);
            case XnnResizeNode n: return pooling.Resize(n);
            case XnnTransposeNode n: return movement.Transpose(n);
            case XnnReshapeNode n: return movement.Reshape(n);
            case XnnSliceNode n: return movement.Slice(n);
            case XnnPadNode n: return movement.Pad(n);
            case XnnConcatenateNode n: return movement.Concatenate(n);
            case XnnAttentionNode:
                throw new ExecuTorchException(ErrorCode.NotImplemented, "node 36 ScaledDotProductAttention: no runtime since 0.7 executes it");
            default:
                throw new ExecuTorchException(ErrorCode.NotImplemented, $"node type {(byte)node.Type} is unknown");
        }
    }

    private static XnnOperator[] Sort(List<XnnOperator> operators)
    {
        var waiting = new LinkedList<XnnOperator>(operators);
        var missing = operators.SelectMany(o => o.Outputs).ToHashSet();
        var sorted = new List<XnnOperator>(operators.Count);
        while (waiting.First is { } first)
        {
            var next = first;
            while (next is not null && next.Value.Inputs.Any(missing.Contains))
                next = next.Next;
            if (next is null)
                throw new ExecuTorchException(ErrorCode.Internal, "the nodes of the XNNPACK graph depend on each other in a circle");
            waiting.Remove(next);
            sorted.Add(next.Value);
            missing.ExceptWith(next.Value.Outputs);
        }
        return [.. sorted];
    }
}
