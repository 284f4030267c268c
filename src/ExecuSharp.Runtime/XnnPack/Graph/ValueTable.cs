using ExecuSharp.Core;

namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>The values of a graph by their id, and the steps that reading them needs.</summary>
internal sealed class ValueTable
{
    private readonly Dictionary<uint, XnnTensor> byId = [];
    private readonly List<XnnTensor> all = [];

    /// <summary>All values.</summary>
    public IReadOnlyList<XnnTensor> All => all;

    /// <summary>Conversions of external inputs that legacy files ask for: the float value and the quantized one.</summary>
    public List<(XnnTensor Float, XnnTensor Quantized)> Conversions { get; } = [];

    /// <summary>The value of an id.</summary>
    /// <exception cref="ExecuTorchException">Internal: there is none.</exception>
    public XnnTensor this[uint id] => byId.TryGetValue(id, out var value)
        ? value
        : throw new ExecuTorchException(ErrorCode.Internal, $"a node names value {id}, which does not exist");

    public void Add(XnnTensor value)
    {
        all.Add(value);
        byId.TryAdd(value.Id, value);
    }

    /// <summary>Adds a value that nodes do not name.</summary>
    public void AddHidden(XnnTensor value) => all.Add(value);
}
