using System.Security.Cryptography;
using ExecuSharp.Graphs;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>A graph with the checksums of its constants as text.</summary>
internal static class GraphText
{
    public static string Of(Graph graph) => graph + "\n" + string.Join("\n",
        graph.Constants.OrderBy(c => c.Key.Name, StringComparer.Ordinal).Select(c => $"{c.Key} {Convert.ToHexString(SHA256.HashData(c.Value.Tensor.Bytes))}"));
}
