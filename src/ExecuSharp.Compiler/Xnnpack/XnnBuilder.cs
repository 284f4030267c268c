using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>
/// Builds one XNNPACK payload. A value of three or four dimensions can exist in the order of the model (NCHW) and in the order of convolutions
/// (<see cref="ChannelsLast"/>); each is made from the other only when a node asks for it.
/// </summary>
internal sealed class XnnBuilder(Graph graph, ExecuTorchRelease target, ValueUses uses, QuantizedValues quantized)
{
    private readonly XnnGraphBuilder payload = new(target);
    private readonly Dictionary<(Value, bool), uint> dynamicCodes = [];
    private readonly HashSet<Node> done = [];
    private readonly Dictionary<Value, uint> plain = new();
    private readonly Dictionary<Value, uint> channelsLast = new();
    private readonly List<string> names = [];
    private Dictionary<Value, Value>? codesOf;
    private bool onDynamicCodes;

    /// <summary>The graph that the nodes come from.</summary>
    public Graph Graph => graph;

    /// <summary>The release that must load the payload.</summary>
    public ExecuTorchRelease Target => target;

    /// <summary>What is known of quantized values.</summary>
    public QuantizedValues Quantized => quantized;

    /// <summary>Weights by key.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> NamedData => payload.Constants.Named;

    /// <summary>What is in it, for reports.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Adds an external input.</summary>
    public void AddInput(Value value) => plain.Add(value, payload.Input(DimsOf(value), TypeOf(value.Spec.Type)));

    /// <summary>Names the node that is being lowered.</summary>
    public void Begin(Node node) => names.Add($"{node.Op} ({node.Name})");

    /// <summary>True for a call that an earlier one has taken in.</summary>
    public bool IsDone(Node node) => done.Contains(node);

    /// <summary>Takes a call into an earlier one.</summary>
    public void SetDone(Node node) => done.Add(node);

    /// <summary>Lowers a call that reads and writes codes: values stand for the codes that they were made from, its output for those that it becomes.</summary>
    public void OnCodes(Value output, Value codes, Action lower)
    {
        codesOf = new Dictionary<Value, Value> { [output] = codes };
        lower();
        codesOf = null;
    }

    /// <summary>Lowers a product whose input is quantized at run time.</summary>
    public void OnDynamicCodes(Action lower)
    {
        onDynamicCodes = true;
        lower();
        onDynamicCodes = false;
    }

    /// <summary>True for a constant, or one that is dequantized.</summary>
    public bool IsConstant(Value value) => quantized.IsConstant(value) || graph.ConstantOf(Resolve(value)) is not null;

    /// <summary>True if a value is there, in any order.</summary>
    public bool IsMade(Value value) => plain.ContainsKey(value) || channelsLast.ContainsKey(value) || ConstantTensor(value) is not null;

    /// <summary>A constant as floats.</summary>
    public Tensor Known(Argument argument) =>
        quantized.Tensor(argument.AsValue()) ?? throw new InvalidOperationException($"{argument} is no constant");

    /// <summary>A value in the order of the model.</summary>
    public uint Id(Value value)
    {
        if (onDynamicCodes && quantized.Dynamic(value) is { } source)
            return DynamicCodes(source, last: false);
        var held = Resolve(value);
        if (plain.TryGetValue(held, out uint id))
            return id;
        if (channelsLast.TryGetValue(held, out uint last))
        {
            id = NewLike(held);
            if (MovesNothing(held))
                Add(new XnnReshapeNode((uint)held.Spec.Rank, Shape(held), last, id, 0));
            else if (held.Spec.Rank == 4)
                Add(new XnnTransposeNode(4, ChannelsLast.To4, last, id, 0));
            else
                Add(new XnnTransposeNode(3, ChannelsLast.Swap3, Rows(held, last), id, 0));
        }
        else if (ConstantTensor(held) is { } tensor)
            id = ConstantLike(tensor, held);
        else
        {
            var from = ReferenceEquals(held, value) ? quantized.Codes(value) : value;
            if (from is null || !IsMade(from))
                throw new InvalidOperationException($"{value.Name} is not made before it is used");
            uint x = OnValues(() => Id(from));
            id = NewLike(held);
            Add(new XnnUnaryNode(XnnNodeType.Convert, x, id, 0));
        }
        plain.Add(held, id);
        return id;
    }

    /// <summary>A value of three or four dimensions with channels last.</summary>
    public uint LastId(Value value)
    {
        if (onDynamicCodes && quantized.Dynamic(value) is { } source)
            return DynamicCodes(source, last: true);
        var held = Resolve(value);
        if (channelsLast.TryGetValue(held, out uint id))
            return id;
        if (ConstantTensor(held) is { } constant)
            id = ConstantLike(ChannelsLast.Of(constant, constant.Rank), held);
        else
        {
            // A conversion keeps the order, a transposition the type: what is there with channels last is only converted.
            var from = ReferenceEquals(held, value) ? quantized.Codes(value) : value;
            bool convert = !plain.ContainsKey(held) && from is not null && channelsLast.ContainsKey(from);
            uint x = convert ? channelsLast[from!] : Id(value);
            if (!convert)
                x = RowsOf(held, x);
            id = Like(held, Permuted(held));
            if (convert)
                Add(new XnnUnaryNode(XnnNodeType.Convert, x, id, 0));
            else if (held.Spec.Rank == 4 && !MovesNothing(held))
                Add(new XnnTransposeNode(4, ChannelsLast.From4, x, id, 0));
            else
                Add(new XnnReshapeNode(4, ChannelsLast.Of(Shape(held), 1u), x, id, 0));
        }
        channelsLast.Add(held, id);
        return id;
    }

    /// <summary>[N, L, C] of a one-dimensional value [N, C, L] whose form [N, 1, L, C] exists.</summary>
    public uint Rows(Value value, uint last)
    {
        uint[] dims = Permuted(value), shape = ChannelsLast.Of(Shape(value), 1u);
        uint rows = NewLike(last, [dims[0], dims[2], dims[3]]);
        Add(new XnnReshapeNode(3, [shape[0], shape[2], shape[3]], last, rows, 0));
        return rows;
    }

    /// <summary>A constant that broadcasts from the right against a value of three or four dimensions, with channels last.</summary>
    public uint LastConstant(Value value, int rank)
    {
        var held = Resolve(value);
        return ConstantLike(ChannelsLast.Of(ConstantTensor(held)!, rank), held);
    }

    /// <summary>True if the value is there with channels last, and only so.</summary>
    public bool IsChannelsLast(Value value)
    {
        var held = Resolve(value);
        if (!plain.ContainsKey(held) && !channelsLast.ContainsKey(held) && (ReferenceEquals(held, value) ? quantized.Codes(value) : value) is { } from)
            held = from;
        return channelsLast.ContainsKey(held) && !plain.ContainsKey(held);
    }

    /// <summary>How many calls and outputs of the whole graph use a value.</summary>
    public int UseCount(Value value) => Math.Max(uses.Count(value), uses.Count(Resolve(value)));

    /// <summary>True if a convolution reads the value.</summary>
    public bool FeedsConvolution(Value value) => uses.FeedsConvolution(value);

    /// <summary>A new value with the sizes of a graph value, in the order of the model.</summary>
    public uint NewLike(Value value) => Like(Resolve(value), DimsOf(value));

    /// <summary>A new value with other sizes than a graph value.</summary>
    public uint New(Value like, params uint[] dims) => Like(Resolve(like), dims);

    /// <summary>The sizes of an XNNPACK value.</summary>
    public uint[] DimsOf(uint id) => payload.ValueOf(id).Dims;

    /// <summary>A new value of the type and quantization of another one.</summary>
    public uint NewLike(uint id, uint[] dims) => payload.Define(dims, payload.ValueOf(id).Datatype, payload.ValueOf(id).Quantization);

    /// <summary>A new value for a graph value, bound to it.</summary>
    public uint Bind(Value value, bool last = false)
    {
        uint id = last ? Like(Resolve(value), Permuted(value)) : NewLike(value);
        (last ? channelsLast : plain).Add(Resolve(value), id);
        return id;
    }

    /// <summary>Lets a graph value be an existing one, whose range is no longer free to change.</summary>
    public void Alias(Value value, uint id, bool last = false)
    {
        (last ? channelsLast : plain).Add(Resolve(value), id);
        payload.Share(id);
    }

    /// <summary>A new internal value.</summary>
    public uint New(XnnDatatype type, params uint[] dims) => payload.Define(dims, type);

    /// <summary>Adds a node.</summary>
    public void Add(XnnNode node) => payload.Add(node);

    /// <summary>Gives the node that makes a value an output range, if it can have one and its only reader is asking.</summary>
    public bool TryFuseRange(uint id, float min, float max) => payload.TryFuseRange(id, min, max);

    /// <summary>Gives the call that made codes an output range.</summary>
    public void FuseRange(Value codes, float min, float max)
    {
        if (!TryFuseRange(channelsLast.TryGetValue(codes, out uint id) ? id : plain[codes], min, max))
            throw new InvalidOperationException($"{codes.Name} is made by a node without an output range");
    }

    /// <summary>The weight of a product, as codes if the product is on codes.</summary>
    /// <param name="weight">A constant, or one that is dequantized.</param>
    /// <param name="arrange">Puts it into XNNPACK's order.</param>
    /// <param name="channelDim">The dimension of output channels in that order.</param>
    public uint Filter(Argument weight, Func<Tensor, Tensor> arrange, int channelDim)
    {
        if (codesOf is null && !onDynamicCodes)
            return Constant(arrange(Known(weight)));
        var constant = quantized.Constant(weight.AsValue())!;
        var codes = arrange(constant.Symmetric()!);
        if (codesOf is not null && constant.Axis < 0)
            return payload.Constant(codes, XnnDatatype.QInt8, new XnnPerTensor(constant.Scales[0], 0));
        if (constant.Group > 0)
            return payload.Constant(XnnConstants.Nibbles(codes), XnnDatatype.QBInt4, payload.Constants.GroupScales(constant.Scales, constant.Group), codes.Sizes);
        float[] scales = constant.Axis < 0 ? [.. Enumerable.Repeat(constant.Scales[0], codes.Sizes[channelDim])] : constant.Scales;
        bool four = codes.Rank == 2 && constant is { Min: >= -8, Max: <= 7 } && target.HasNamedScales;
        return four ? payload.Constant(XnnConstants.Nibbles(codes), XnnDatatype.QCInt4, payload.Constants.ChannelScales(scales, channelDim), codes.Sizes)
            : payload.Constant(codes, XnnDatatype.QCInt8, payload.Constants.ChannelScales(scales, channelDim));
    }

    /// <summary>The bias of a product: on codes, integers in units of the scales of input and weight.</summary>
    public uint Bias(Argument bias, Argument input, Argument weight)
    {
        if (bias.IsNone)
            return XnnValue.None;
        var known = Known(bias);
        var values = TensorTransforms.Reshape(known, (int)known.Numel);
        if (codesOf is null)
            return Constant(values);
        var constant = quantized.Constant(weight.AsValue())!;
        float unit = quantized.ParametersOf(quantized.Codes(input.AsValue())!)!.Scale;
        float[] scales = Array.ConvertAll(constant.Scales, s => s * unit);
        var codes = Tensor.Empty(ScalarType.Int, values.Sizes);
        for (int i = 0; i < codes.Numel; i++)
            codes.Span<int>()[i] = (int)Math.Clamp(Math.Round((double)TensorTransforms.ToFloat(values, i) / scales[constant.Axis < 0 ? 0 : i]), int.MinValue, int.MaxValue);
        return constant.Axis < 0 ? payload.Constant(codes, XnnDatatype.QInt32, new XnnPerTensor(scales[0], 0)) : payload.Constant(codes, XnnDatatype.QCInt32, payload.Constants.ChannelScales(scales, 0));
    }

    /// <summary>A constant; equal ones are one value.</summary>
    public uint Constant(Tensor tensor) => payload.Constant(tensor, TypeOf(tensor.Type), null);

    /// <summary>A constant of one float.</summary>
    public uint Scalar(float value, ScalarType type) => Constant(TensorTransforms.Convert(Tensor.From<float>([value], 1), type));

    /// <summary>Ends the payload.</summary>
    public byte[] Build(IReadOnlyList<Value> outputs)
    {
        foreach (var output in outputs)
            MarkOutput(output);
        return payload.Write();
    }

    /// <summary>XNNPACK's type for an element type.</summary>
    public static XnnDatatype TypeOf(ScalarType type) => type switch
    {
        ScalarType.Float => XnnDatatype.Fp32,
        ScalarType.Half => XnnDatatype.Fp16,
        ScalarType.BFloat16 => XnnDatatype.BFloat16,
        ScalarType.Int => XnnDatatype.Int32,
        _ => throw new InvalidOperationException($"XNNPACK has no values of type {type.Name()}"),
    };

    /// <summary>Sizes at their upper bounds; a tensor without dimensions is one of [1].</summary>
    public static uint[] DimsOf(Value value) => value.Spec.Rank == 0 ? [1] : Array.ConvertAll(value.Spec.MaxSizes, s => (uint)s);

    /// <summary>Sizes for a reshape; 0 where the size is dynamic.</summary>
    public static uint[] Shape(Value value) => value.Spec.Rank == 0 ? [1] : Array.ConvertAll(value.Spec.Sizes, d => d.IsStatic ? (uint)d.Value : 0);

    /// <summary>True if a reshape can give these sizes: it finds one dynamic size, not two.</summary>
    public static bool CanReshape(Value value) => value.Spec.Sizes.Count(d => !d.IsStatic) <= 1;

    private static uint[] Permuted(Value value) => ChannelsLast.Of(DimsOf(value), 1u);

    // One channel, or one place: both orders have the same bytes.
    private static bool MovesNothing(Value value)
    {
        var sizes = value.Spec.Sizes;
        return CanReshape(value)
            && ((sizes[1].IsStatic && sizes[1].Value == 1) || sizes.Skip(2).All(d => d.IsStatic && d.Value == 1));
    }

    // [N, C, L] as [N, L, C], if that moves anything; other values as they are.
    private uint RowsOf(Value value, uint x)
    {
        if (value.Spec.Rank != 3 || MovesNothing(value))
            return x;
        var dims = Permuted(value);
        uint rows = NewLike(x, [dims[0], dims[2], dims[3]]);
        Add(new XnnTransposeNode(3, ChannelsLast.Swap3, x, rows, 0));
        return rows;
    }

    private void MarkOutput(Value output)
    {
        uint id = Id(output);
        var value = payload.ValueOf(id);
        // An input, a constant, or a value that is already another output needs a copy to be an output.
        if (value.Flags != 0 || value.ConstantIndex != 0)
        {
            uint copy = NewLike(output);
            uint[] order = [.. Enumerable.Range(0, value.Dims.Length).Select(d => (uint)d)];
            Add(CanReshape(output) ? new XnnReshapeNode(value.NumDims, Shape(output), id, copy, 0) : new XnnTransposeNode(value.NumDims, order, id, copy, 0));
            id = copy;
        }
        payload.Output(id);
    }

    private Value Resolve(Value value) => codesOf is null ? value : codesOf.GetValueOrDefault(value) ?? quantized.Codes(value) ?? value;

    private uint OnValues(Func<uint> make)
    {
        var kept = codesOf;
        codesOf = null;
        uint id = make();
        codesOf = kept;
        return id;
    }

    private uint DynamicCodes(Value source, bool last)
    {
        if (dynamicCodes.TryGetValue((source, last), out uint id))
            return id;
        onDynamicCodes = false;
        uint x = last ? LastId(source) : Id(source);
        onDynamicCodes = true;
        id = payload.Define(last ? Permuted(source) : DimsOf(source), XnnDatatype.QDInt8, new XnnPerToken(last ? 3 : 1));
        Add(new XnnUnaryNode(XnnNodeType.Convert, x, id, 0));
        return dynamicCodes[(source, last)] = id;
    }

    private XnnPerTensor? CodeParameters(Value value) => value.Spec.Type is ScalarType.Char or ScalarType.Byte ? quantized.ParametersOf(value) : null;

    private Tensor? ConstantTensor(Value value) =>
        graph.ConstantOf(value) is { } tensor ? tensor.Type == ScalarType.Byte ? QuantizedConstant.Shifted(tensor) : tensor : quantized.Tensor(value);

    private uint ConstantLike(Tensor tensor, Value value) => CodeParameters(value) is { } p ? payload.Constant(tensor, XnnDatatype.QInt8, p) : Constant(tensor);

    private uint Like(Value value, uint[] dims) => CodeParameters(value) is { } p ? payload.Define(dims, XnnDatatype.QInt8, p) : payload.Define(dims, TypeOf(value.Spec.Type));
}
