using ExecuSharp.Compiler;
using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Inspection;

/// <summary>The ExecuTorch releases that can load a program, by the features that it uses.</summary>
/// <param name="First">The oldest release.</param>
/// <param name="Last">The newest release that still loads it; null for all known ones.</param>
/// <param name="Reasons">Which feature sets a bound.</param>
public sealed record ReleaseRange(ExecuTorchRelease First, ExecuTorchRelease? Last, IReadOnlyList<string> Reasons)
{
    private static readonly (string Node, ExecuTorchRelease Since)[] NodeReleases =
    [
        ("Concatenate5", new(0, 6)), ("ConvTranspose2d", new(0, 6)), ("ReciprocalSquareRoot", new(0, 6)),
        ("Log", new(0, 7)), ("Gelu", new(0, 7)), ("Tanh", new(0, 7)), ("Exp", new(0, 7)),
        ("Sin", new(1, 1)), ("Copy", new(1, 1)), ("Cos", new(1, 1)),
    ];

    internal static ReleaseRange Of(PteProgram program, IReadOnlyList<MethodInspection> methods)
    {
        var first = ExecuTorchRelease.Oldest;
        ExecuTorchRelease? last = null;
        var reasons = new List<string>();
        void Need(ExecuTorchRelease release, string why)
        {
            if (release <= first)
                return;
            first = release;
            reasons.Add($"{release} or later: {why}");
        }
        if (program.NamedData.Count > 0)
            Need(new ExecuTorchRelease(0, 6), "named data");
        if (program.NamedData.Any(n => n.Key.StartsWith("scale_", StringComparison.Ordinal)))
            Need(new ExecuTorchRelease(0, 7), "quantization scales in named data");
        if (program.Methods.SelectMany(m => m.Values).OfType<PteTensor>().Any(t => t.IsExternal))
            Need(new ExecuTorchRelease(1, 0), "external weights (.ptd)");
        foreach (string node in methods.SelectMany(m => m.Delegates).SelectMany(d => d.Nodes))
            foreach (var (name, since) in NodeReleases)
                if (node.StartsWith(name + "(", StringComparison.Ordinal))
                    Need(since, $"XNNPACK node {name}");
        if (!program.HasConstantSegment && program.ConstantBuffer.Count > 1)
        {
            last = new ExecuTorchRelease(1, 2);
            reasons.Add($"up to {last}: constants inside the FlatBuffer");
        }
        return new ReleaseRange(first, last, reasons);
    }

    /// <inheritdoc/>
    public override string ToString() => Last is null ? $"{First} and later" : $"{First} to {Last}";
}
