using System.Security.Cryptography;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>
/// Builds one XNNPACK payload. A four-dimensional value can exist in the order of the model (NCHW) and in the order of convolutions (NHWC);
/// each is made from the other only when a node asks for it.
/// </summary>
internal sealed class XnnBuilder(Graph graph, ExecuTorchRelease target, Dictionary<Value, int> uses)
{
    private static readonly uint[] ToNhwc = [0, 2, 3, 1];
    private static readonly uint[] ToNchw = [0, 3, 1, 2];

    private readonly List<XnnNode> nodes = [];
    private readonly List<XnnValue> values = [];
    private readonly List<XnnConstant> constants = [XnnConstant.Reserved];
    private readonly Dictionary<string, uint> constantIndex = [];
    private readonly Dictionary<string, uint> constantValues = [];
    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> named = new(StringComparer.Ordinal);
    private readonly Dictionary<Value, uint> plain = new();
    private readonly Dictionary<Value, uint> channelsLast = new();
    private readonly Dictionary<Value, uint> lifted = new();
    private readonly Dictionary<uint, int> producer = [];
    private readonly List<uint> inputIds = [];
    private readonly List<uint> outputIds = [];
    private readonly List<string> names = [];

    /// <summary>The graph that the nodes come from.</summary>
    public Graph Graph => graph;

    /// <summary>The release that must load the payload.</summary>
    public ExecuTorchRelease Target => target;

    /// <summary>Weights by key.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> NamedData => named;

    /// <summary>What is in it, for reports.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Adds an external input.</summary>
    public void AddInput(Value value)
    {
        uint id = Define(DimsOf(value), TypeOf(value.Spec.Type), (uint)inputIds.Count, XnnValue.ExternalInput);
        inputIds.Add(id);
        plain.Add(value, id);
    }

    /// <summary>Names the node that is being lowered.</summary>
    public void Begin(Node node) => names.Add($"{node.Op} ({node.Name})");

    /// <summary>A value in the order of the model.</summary>
    public uint Id(Value value)
    {
        if (plain.TryGetValue(value, out uint id))
            return id;
        if (channelsLast.TryGetValue(value, out uint last))
        {
            id = NewLike(value);
            Add(new XnnTransposeNode(4, ToNchw, last, id, 0));
        }
        else
        {
            id = Constant(graph.ConstantOf(value) ?? throw new InvalidOperationException($"{value.Name} is not made before it is used"));
        }
        plain.Add(value, id);
        return id;
    }

    /// <summary>A four-dimensional value with channels last.</summary>
    public uint LastId(Value value)
    {
        if (channelsLast.TryGetValue(value, out uint id))
            return id;
        if (graph.ConstantOf(value) is { } constant)
            id = Constant(TensorTransforms.Permute(constant, 0, 2, 3, 1));
        else
        {
            id = Define(Permuted(value), TypeOf(value.Spec.Type));
            Add(new XnnTransposeNode(4, ToNhwc, Id(value), id, 0));
        }
        channelsLast.Add(value, id);
        return id;
    }

    /// <summary>True if the value is there with channels last, and only so.</summary>
    public bool IsChannelsLast(Value value) => channelsLast.ContainsKey(value) && !plain.ContainsKey(value);

    /// <summary>A three-dimensional value as [N, 1, L, C], if a one-dimensional convolution made it so.</summary>
    public uint? Lifted(Value value) => lifted.TryGetValue(value, out uint id) ? id : null;

    /// <summary>Remembers the form [N, 1, L, C] of a three-dimensional value.</summary>
    public void BindLifted(Value value, uint id) => lifted.Add(value, id);

    /// <summary>How many calls and outputs of the whole graph use a value.</summary>
    public int UseCount(Value value) => uses.GetValueOrDefault(value);

    /// <summary>A new value with the sizes of a graph value, in the order of the model.</summary>
    public uint NewLike(Value value) => Define(DimsOf(value), TypeOf(value.Spec.Type));

    /// <summary>A new value for a graph value, bound to it.</summary>
    public uint Bind(Value value, bool last = false)
    {
        uint id = last ? Define(Permuted(value), TypeOf(value.Spec.Type)) : NewLike(value);
        (last ? channelsLast : plain).Add(value, id);
        return id;
    }

    /// <summary>Lets a graph value be an existing one.</summary>
    public void Alias(Value value, uint id, bool last = false) => (last ? channelsLast : plain).Add(value, id);

    /// <summary>A new internal value.</summary>
    public uint New(XnnDatatype type, params uint[] dims) => Define(dims, type);

    /// <summary>Adds a node.</summary>
    public void Add(XnnNode node)
    {
        foreach (uint output in node.Outputs)
            producer[output] = nodes.Count;
        nodes.Add(node);
    }

    /// <summary>Gives the node that makes a value an output range, if it can have one and its only reader is asking.</summary>
    public bool TryFuseRange(uint id, float min, float max)
    {
        if (!producer.TryGetValue(id, out int index) || nodes[index].Range is not null)
            return false;
        if (nodes[index].Type is not (XnnNodeType.Add or XnnNodeType.Subtract or XnnNodeType.Multiply or XnnNodeType.Div or XnnNodeType.FullyConnected
            or XnnNodeType.Conv2d or XnnNodeType.DepthwiseConv2d or XnnNodeType.ConvTranspose2d or XnnNodeType.MaxPooling2d or XnnNodeType.AvgPooling2d))
            return false;
        nodes[index] = nodes[index] with { Range = new XnnRange(min, max) };
        return true;
    }

    /// <summary>A constant; equal ones are one value.</summary>
    public uint Constant(Tensor tensor)
    {
        var bytes = tensor.Storage[..(int)tensor.ByteLength];
        uint[] dims = tensor.Rank == 0 ? [1] : [.. tensor.Sizes.ToArray().Select(s => (uint)s)];
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        MappedPages.Release(bytes);
        string key = $"{hash}:{tensor.Type}:{string.Join(",", dims)}";
        if (constantValues.TryGetValue(key, out uint id))
            return id;
        if (!constantIndex.TryGetValue(hash, out uint index))
        {
            if (target.HasNamedData)
            {
                constants.Add(XnnConstant.Named(hash, (ulong)bytes.Length));
                named[hash] = bytes;
            }
            else
            {
                constants.Add(XnnConstant.Inline(bytes));
            }
            index = (uint)constants.Count - 1;
            constantIndex.Add(hash, index);
        }
        id = (uint)values.Count;
        values.Add(new XnnValue { Id = id, Datatype = TypeOf(tensor.Type), Dims = dims, NumDims = (uint)dims.Length, ConstantIndex = index, Flags = 0 });
        constantValues.Add(key, id);
        return id;
    }

    /// <summary>A constant of one float.</summary>
    public uint Scalar(float value, ScalarType type) => Constant(TensorTransforms.Convert(Tensor.From<float>([value], 1), type));

    /// <summary>Ends the payload.</summary>
    public byte[] Build(IReadOnlyList<Value> outputs)
    {
        foreach (var output in outputs)
            MarkOutput(output);
        var live = LiveNodes();
        var used = live.SelectMany(n => n.Inputs.Concat(n.Outputs)).Concat(inputIds).Concat(outputIds).ToHashSet();
        return XnnPayload.Write(new XnnGraph
        {
            Nodes = [.. live.Select((n, i) => n with { DebugHandle = (uint)i })],
            Values = [.. values.Where(v => used.Contains(v.Id))],
            NumExterns = (uint)(inputIds.Count + outputIds.Count),
            InputIds = [.. inputIds],
            OutputIds = [.. outputIds],
            Constants = constants,
        });
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

    // A value made in both orders may be read in one only.
    private List<XnnNode> LiveNodes()
    {
        var live = outputIds.ToHashSet();
        var kept = new List<XnnNode>();
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            if (!nodes[i].Outputs.Any(live.Contains))
                continue;
            kept.Add(nodes[i]);
            live.UnionWith(nodes[i].Inputs);
        }
        kept.Reverse();
        return kept;
    }

    private static uint[] Permuted(Value value)
    {
        var dims = DimsOf(value);
        return [dims[0], dims[2], dims[3], dims[1]];
    }

    private void MarkOutput(Value output)
    {
        uint id = Id(output);
        var value = values[(int)id];
        // An input, a constant, or a value that is already another output needs a copy to be an output.
        if (value.Flags != 0 || value.ConstantIndex != 0)
        {
            uint copy = NewLike(output);
            Add(new XnnReshapeNode(value.NumDims, value.Dims, id, copy, 0));
            (id, value) = (copy, values[(int)copy]);
        }
        values[(int)id] = value with { Flags = XnnValue.ExternalOutput, ExternalId = (uint)(inputIds.Count + outputIds.Count) };
        outputIds.Add(id);
    }

    private uint Define(uint[] dims, XnnDatatype type, uint externalId = XnnValue.None, uint flags = 0)
    {
        uint id = (uint)values.Count;
        values.Add(new XnnValue { Id = id, Datatype = type, Dims = dims, NumDims = (uint)dims.Length, ExternalId = externalId, Flags = flags });
        return id;
    }
}
