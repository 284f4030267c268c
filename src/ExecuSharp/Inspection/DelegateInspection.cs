using System.Globalization;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Inspection;

/// <summary>A delegate of a method.</summary>
/// <param name="Index">Position.</param>
/// <param name="Backend">Backend id.</param>
/// <param name="IsAvailable">This runtime has the backend.</param>
/// <param name="Bytes">Size of the payload.</param>
/// <param name="Identifier">Generation of an XNNPACK payload.</param>
/// <param name="Nodes">Nodes of an XNNPACK payload with types and sizes.</param>
/// <param name="Calls">Calls in the method.</param>
/// <param name="Problem">Why the payload cannot be read, or null.</param>
public sealed record DelegateInspection(int Index, string Backend, bool IsAvailable, long Bytes, string? Identifier, IReadOnlyList<DelegateNodeInspection> Nodes, int Calls, string? Problem)
{
    /// <summary>Number of nodes by type, the most frequent first: <c>Conv2d 2, Add 1</c>.</summary>
    public string Kinds => string.Join(", ", Nodes.GroupBy(n => n.Type, StringComparer.Ordinal).OrderByDescending(g => g.Count()).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key} {g.Count()}")));

    /// <summary>The graph of an XNNPACK payload that could be read.</summary>
    internal XnnGraph? Graph { get; private init; }

    internal static DelegateInspection Of(PteProgram program, PteDelegate d, int index, int calls, bool available)
    {
        var payload = program.DelegateData(d) ?? default;
        var plain = new DelegateInspection(index, d.Id, available, payload.Length, null, [], calls, null);
        if (d.Id != "XnnpackBackend" || payload.Length == 0)
            return plain;
        try
        {
            var read = XnnPayload.Read(payload);
            return plain with { Identifier = (read.Header is null ? "" : "XH00 ") + read.Identifier, Nodes = [.. NodesOf(read.Graph)], Graph = read.Graph };
        }
        catch (ModelFormatException e)
        {
            return plain with { Problem = e.Message };
        }
    }

    private static IEnumerable<DelegateNodeInspection> NodesOf(XnnGraph graph)
    {
        var values = new Dictionary<uint, DelegateValueInspection>();
        foreach (var value in graph.Values)
            values.TryAdd(value.Id, DelegateValueInspection.Of(value, graph));
        List<DelegateValueInspection> Find(IEnumerable<uint> ids) => [.. ids.Where(i => i != XnnValue.None).Select(values.GetValueOrDefault).OfType<DelegateValueInspection>()];
        return graph.Nodes.Select(n => new DelegateNodeInspection(n.Type.ToString(), Find(n.Inputs), Find(n.Outputs), n.Range?.Min, n.Range?.Max));
    }
}
