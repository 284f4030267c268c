using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>A payload in the making, in its own terms: values, nodes, constants. What the values stand for is <see cref="XnnBuilder"/>'s business.</summary>
internal sealed class XnnGraphBuilder(ExecuTorchRelease target)
{
    private readonly List<XnnNode> nodes = [];
    private readonly List<XnnValue> values = [];
    private readonly Dictionary<string, uint> constantValues = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, int> producer = [];
    private readonly HashSet<uint> shared = [];
    private readonly List<uint> inputIds = [];
    private readonly List<uint> outputIds = [];

    /// <summary>Weights and scales.</summary>
    public XnnConstants Constants { get; } = new(target);

    /// <summary>A value by its id.</summary>
    public XnnValue ValueOf(uint id) => values[(int)id];

    /// <summary>A value that the caller supplies, the next in order.</summary>
    public uint Input(uint[] dims, XnnDatatype type)
    {
        uint id = Define(new XnnValue { Id = 0, Datatype = type, Dims = dims, NumDims = (uint)dims.Length, ExternalId = (uint)inputIds.Count, Flags = XnnValue.ExternalInput });
        inputIds.Add(id);
        return id;
    }

    /// <summary>Makes a value one that the caller receives, the next in order.</summary>
    public void Output(uint id)
    {
        values[(int)id] = values[(int)id] with { Flags = XnnValue.ExternalOutput, ExternalId = (uint)(inputIds.Count + outputIds.Count) };
        outputIds.Add(id);
    }

    /// <summary>A new internal value.</summary>
    public uint Define(uint[] dims, XnnDatatype type, XnnQuantization? quantization = null) =>
        Define(new XnnValue { Id = 0, Datatype = type, Dims = dims, NumDims = (uint)dims.Length, Quantization = quantization });

    /// <summary>A constant; equal ones are one value.</summary>
    /// <param name="tensor">The bytes.</param>
    /// <param name="type">What they are to XNNPACK.</param>
    /// <param name="quantization">How codes stand for numbers, or null.</param>
    /// <param name="sizes">The sizes, where they are not the tensor's: two four-bit codes are one byte.</param>
    public uint Constant(Tensor tensor, XnnDatatype type, XnnQuantization? quantization, ReadOnlySpan<int> sizes = default)
    {
        sizes = sizes.IsEmpty ? tensor.Sizes : sizes;
        uint[] dims = sizes.IsEmpty ? [1] : [.. sizes.ToArray().Select(s => (uint)s)];
        uint index = Constants.Add(tensor.Storage[..(int)tensor.ByteLength]);
        string key = $"{index}:{type}:{string.Join(",", dims)}:{XnnConstants.Describe(quantization)}";
        if (!constantValues.TryGetValue(key, out uint id))
        {
            id = Define(new XnnValue { Id = 0, Datatype = type, Dims = dims, NumDims = (uint)dims.Length, ConstantIndex = index, Quantization = quantization });
            constantValues.Add(key, id);
        }
        return id;
    }

    /// <summary>Adds a node.</summary>
    public void Add(XnnNode node)
    {
        foreach (uint output in node.Outputs)
            producer[output] = nodes.Count;
        nodes.Add(node);
    }

    /// <summary>Says that a value stands for more than one: its range is no longer free to change.</summary>
    public void Share(uint id) => shared.Add(id);

    /// <summary>Gives the node that makes a value an output range, if it can have one and the value is not shared.</summary>
    public bool TryFuseRange(uint id, float min, float max)
    {
        if (shared.Contains(id) || !producer.TryGetValue(id, out int index) || nodes[index].Range is not null)
            return false;
        if (nodes[index].Type is not (XnnNodeType.Add or XnnNodeType.Subtract or XnnNodeType.Multiply or XnnNodeType.Div or XnnNodeType.FullyConnected
            or XnnNodeType.Conv2d or XnnNodeType.DepthwiseConv2d or XnnNodeType.ConvTranspose2d or XnnNodeType.MaxPooling2d or XnnNodeType.AvgPooling2d))
            return false;
        nodes[index] = nodes[index] with { Range = new XnnRange(min, max) };
        return true;
    }

    /// <summary>The bytes of the payload, without what no output needs.</summary>
    public byte[] Write()
    {
        var live = LiveNodes();
        var used = live.SelectMany(n => n.Inputs.Concat(n.Outputs)).Concat(inputIds).Concat(outputIds).ToHashSet();
        return XnnPayload.Write(new XnnGraph
        {
            Nodes = [.. live.Select((n, i) => n with { DebugHandle = (uint)i })],
            Values = [.. values.Where(v => used.Contains(v.Id))],
            NumExterns = (uint)(inputIds.Count + outputIds.Count),
            InputIds = [.. inputIds],
            OutputIds = [.. outputIds],
            Constants = Constants.Entries,
        });
    }

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

    private uint Define(XnnValue value)
    {
        uint id = (uint)values.Count;
        values.Add(value with { Id = id });
        return id;
    }
}
