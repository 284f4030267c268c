using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>What the quantize and dequantize pairs of a graph say about its values.</summary>
internal sealed class QuantizedValues
{
    private const string Space = "quantized_decomposed::";

    // Groups of four bits give wrong numbers in older runtimes; dynamically quantized convolutions came later.
    private static readonly ExecuTorchRelease R07 = new(0, 7);
    private static readonly ExecuTorchRelease R10 = new(1, 0);

    private readonly Graph graph;
    private readonly ExecuTorchRelease target;
    private readonly Dictionary<Value, Node> producers;
    private readonly Dictionary<Value, List<Node>> users;
    private readonly HashSet<Value> outputs;
    private readonly Dictionary<Value, QuantizedConstant> constants = [];
    private readonly Dictionary<Value, Tensor> floats = [];

    public QuantizedValues(Graph graph, ExecuTorchRelease target, Dictionary<Value, List<Node>> users)
    {
        this.graph = graph;
        this.target = target;
        this.users = users;
        producers = graph.Producers();
        outputs = [.. graph.Outputs.SelectMany(o => o.Result.Values())];
        foreach (var node in graph.Nodes)
            if (ConstantBehind(node) is { } constant)
                constants.Add(node.Output, constant);
    }

    /// <summary>True if a value is known: a constant of the graph, or one that is dequantized.</summary>
    public bool IsConstant(Value value) => graph.ConstantOf(value) is not null || constants.ContainsKey(value);

    /// <summary>The codes behind a dequantized constant, or null.</summary>
    public QuantizedConstant? Constant(Value value) => constants.GetValueOrDefault(value);

    /// <summary>A known value as a tensor, or null.</summary>
    public Tensor? Tensor(Value value)
    {
        if (graph.ConstantOf(value) is { } tensor)
            return tensor;
        if (!constants.TryGetValue(value, out var codes))
            return null;
        return floats.TryGetValue(value, out var known) ? known : floats[value] = codes.ToFloat();
    }

    /// <summary>The eight-bit codes that a float value was made from with one scale, or null.</summary>
    public Value? Codes(Value value) =>
        producers.TryGetValue(value, out var node) && node.Op == Space + "dequantize_per_tensor" && Parameters(node) is not null && (graph.ConstantOf(Argument(node)) is not null || IsStaticPair(node)) ? Argument(node) : null;

    /// <summary>Scale and zero point of codes, as signed bytes.</summary>
    public XnnPerTensor? ParametersOf(Value codes) =>
        producers.TryGetValue(codes, out var made) ? Parameters(made) : users.TryGetValue(codes, out var list) ? list.Select(Parameters).FirstOrDefault(p => p is not null) : null;

    /// <summary>The node that turns a float value into codes, if nothing else uses the value.</summary>
    public Node? QuantizerOf(Value value) =>
        OnlyUser(value) is { } node && node.Op == Space + "quantize_per_tensor" && IsStaticPair(node) ? node : null;

    /// <summary>The only node that uses a value, if it is no output.</summary>
    public Node? OnlyUser(Value value) => !outputs.Contains(value) && users.TryGetValue(value, out var list) && list.Count == 1 ? list[0] : null;

    /// <summary>The value that is quantized with parameters found at run time and dequantized again into this one, or null.</summary>
    public Value? Dynamic(Value value)
    {
        if (!producers.TryGetValue(value, out var from) || from.Op is not (Space + "dequantize_per_tensor.tensor" or Space + "dequantize_per_token"))
            return null;
        if (!producers.TryGetValue(Argument(from), out var to) || to.Op is not (Space + "quantize_per_tensor.tensor" or Space + "quantize_per_token") || !IsFullRange(to) || !IsFullRange(from))
            return null;
        if (outputs.Contains(to.Output) || users[to.Output].Count != 1 || Argument(to).Spec.Type != ScalarType.Float || value.Spec.Type != ScalarType.Float || !SameOrigin(to, from, 1) || !SameOrigin(to, from, 2))
            return null;
        var chosen = Origin(to.Args[1].AsValue());
        return chosen is { Op: Space + "choose_qparams.tensor" or Space + "choose_qparams_per_token_asymmetric" } && ReferenceEquals(chosen.Args[0].AsValue(), Argument(to)) ? Argument(to) : null;
    }

    /// <summary>Null if every use of a quantizing or dequantizing node can be inside a delegate, else why not.</summary>
    public string? Refusal(Node node, Func<Node, bool> takes)
    {
        if (node.Op is Space + "quantize_per_tensor" or Space + "dequantize_per_tensor")
            return Parameters(node) is null ? "its codes are not eight bits wide" : IsStaticPair(node) ? null : "it is not half of a pair of quantize and dequantize with equal parameters";
        var back = node.Op.StartsWith(Space + "quantize", StringComparison.Ordinal) ? OnlyUser(node.Output) : node;
        if (back is null || back.Outputs.Count != 1 || Dynamic(back.Output) is null)
            return "it is no dynamic quantization of eight bits";
        return !outputs.Contains(back.Output) && users.TryGetValue(back.Output, out var list) && list.TrueForAll(u => IsDynamicProduct(u) && takes(u)) ? null
            : "what follows is no product with symmetric eight-bit or four-bit weights";
    }

    /// <summary>True if a product of dynamically quantized values has weights that XNNPACK takes.</summary>
    public bool IsDynamicProduct(Node node)
    {
        if (XnnProduct.Of(node) is not { } product || Dynamic(product.Input) is null || Constant(product.Weight) is not { } weight || weight.Symmetric() is null)
            return false;
        if ((weight.Axis >= 0 && weight.Axis != product.Channel) || (!product.Bias.IsNone && !IsConstant(product.Bias.AsValue())))
            return false;
        if (node.Op != "aten::convolution")
            return weight.Group == 0 || (node.Op == "aten::linear" && weight is { Min: >= -8, Max: <= 7 } && weight.Group % 32 == 0 && target >= R07);
        long groups = node.Args[8].AsInt();
        return target >= R10 && weight.Group == 0 && product.Input.Spec.Rank == 4 && !node.Args[6].AsBool() && (groups == 1 || groups != product.Input.Spec.Sizes[1].Value);
    }

    /// <summary>The values that a delegated node needs; parameters of quantization are part of the payload.</summary>
    public IEnumerable<Value> Needs(Node node) =>
        (node.Op.StartsWith(Space, StringComparison.Ordinal) ? node.Inputs.Take(1) : node.Inputs).Where(v => !IsConstant(v));

    private static Value Argument(Node node) => node.Args[0].AsValue();

    // Unsigned codes are the same with a zero point less by 128.
    private static XnnPerTensor? Parameters(Node node)
    {
        if (node.Op is not (Space + "quantize_per_tensor" or Space + "dequantize_per_tensor") || !node.Args[1].IsNumber || !node.Args[2].IsInt)
            return null;
        var (scale, zero) = ((float)node.Args[1].AsDouble(), node.Args[2].AsInt());
        return (node.Args[5].AsScalarType(), node.Args[3].AsInt(), node.Args[4].AsInt()) switch
        {
            (ScalarType.Char, -128, 127) when zero is >= -128 and <= 127 && scale > 0 => new XnnPerTensor(scale, (int)zero),
            (ScalarType.Byte, 0, 255) when zero is >= 0 and <= 255 && scale > 0 => new XnnPerTensor(scale, (int)zero - 128),
            _ => null,
        };
    }

    private bool IsStaticPair(Node node)
    {
        var codes = node.Op == Space + "quantize_per_tensor" ? node.Output : Argument(node);
        if (graph.ConstantOf(codes) is not null)
            return true;
        return producers.TryGetValue(codes, out var to) && to.Op == Space + "quantize_per_tensor" && Parameters(to) is { } wanted && !outputs.Contains(codes)
            && to.Args[0].AsSpec().Type == ScalarType.Float && to.Args[0].AsSpec().Rank > 0
            && users.TryGetValue(codes, out var list) && list.TrueForAll(u => u.Op == Space + "dequantize_per_tensor" && wanted.Equals(Parameters(u)) && u.Output.Spec.Type == ScalarType.Float);
    }

    private static bool IsFullRange(Node node) => (node.Args[5].AsScalarType(), node.Args[3].AsInt(), node.Args[4].AsInt()) is (ScalarType.Char, -128, 127) or (ScalarType.Byte, 0, 255);

    private bool SameOrigin(Node a, Node b, int argument) =>
        a.Args[argument].IsValue && b.Args[argument].IsValue && Origin(a.Args[argument].AsValue()) is { } origin && ReferenceEquals(origin, Origin(b.Args[argument].AsValue()));

    // Scales and zero points may be cast and reshaped on their way.
    private Node? Origin(Value value)
    {
        while (producers.TryGetValue(value, out var node))
        {
            if (node.Op is not ("aten::_to_copy" or "aten::view_copy" or "aten::unsqueeze_copy" or "aten::clone" or "dim_order_ops::_to_dim_order_copy"))
                return node;
            value = Argument(node);
        }
        return null;
    }

    private QuantizedConstant? ConstantBehind(Node node)
    {
        if (!node.Op.StartsWith(Space + "dequantize_per", StringComparison.Ordinal) || graph.ConstantOf(Argument(node)) is not { } codes || node.Output.Spec.Type != ScalarType.Float)
            return null;
        if (codes.Type is not (ScalarType.Char or ScalarType.Byte or ScalarType.Short or ScalarType.Int))
            return null;
        if (node.Op == Space + "dequantize_per_tensor")
            return new QuantizedConstant(codes, [(float)node.Args[1].AsDouble()], [node.Args[2].AsInt()], -1, 0, node.Args[3].AsInt(), node.Args[4].AsInt());
        bool groups = node.Op == Space + "dequantize_per_channel_group";
        if ((!groups && node.Op != Space + "dequantize_per_channel") || graph.ConstantOf(node.Args[1].AsValue()) is not { } scales)
            return null;
        var zeros = node.Args[2].IsNone ? null : graph.ConstantOf(node.Args[2].AsValue());
        if (zeros is null && !node.Args[2].IsNone)
            return null;
        var (s, z) = (new float[scales.Numel], new long[scales.Numel]);
        for (int i = 0; i < s.Length; i++)
            (s[i], z[i]) = (TensorTransforms.ToFloat(scales, i), zeros is null ? 0 : (long)TensorTransforms.ToFloat(zeros, i));
        int axis = groups ? 0 : (int)node.Args[3].AsInt();
        int first = groups ? 3 : 4;
        return new QuantizedConstant(codes, s, z, axis < 0 ? axis + codes.Rank : axis, groups ? (int)node.Args[6].AsInt() : 0, node.Args[first].AsInt(), node.Args[first + 1].AsInt());
    }
}
