using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Verification;

/// <summary>
/// The step of a quantization that a float output went through last, inside an XNNPACK delegate. Runtimes round such values differently, so an output
/// may be a few steps off (releases 0.7 to 1.2 are, against 1.3 and later).
/// </summary>
internal static class QuantizationStep
{
    /// <summary>Steps that are allowed unless the caller says otherwise: one flipped code of the layer before moves a result by up to 3 in the recorded programs.</summary>
    internal const int Default = 3;

    /// <summary>For each output of the method, the scale of its last static per-tensor quantization; 0 for an output without one.</summary>
    internal static double[] Of(PteProgram program, PteMethod method)
    {
        var steps = new Dictionary<int, double>();
        foreach (var call in method.Chains.SelectMany(c => c.Instructions).OfType<PteInstruction.DelegateCall>())
        {
            if (method.Delegates[call.DelegateIndex] is not { Id: "XnnpackBackend" } d || program.DelegateData(d) is not { } blob)
                continue;
            var graph = Read(blob);
            foreach (var value in graph?.Values ?? [])
                if ((value.Flags & XnnValue.ExternalOutput) != 0 && value.ExternalId < call.Args.Count && Scale(graph!, value) is var scale and > 0)
                    steps[call.Args[(int)value.ExternalId]] = scale;
        }
        return [.. method.Outputs.Select(o => steps.GetValueOrDefault(o))];
    }

    private static XnnGraph? Read(ReadOnlyMemory<byte> blob)
    {
        try
        {
            return XnnPayload.Read(blob).Graph;
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    private static double Scale(XnnGraph graph, XnnValue value)
    {
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            if (value.Quantization is XnnPerTensor { Scale: var scale })
                return scale;
            // Only what moves values without computing lies between the last quantization and the output.
            var writer = graph.Nodes.FirstOrDefault(n => n.Outputs.Contains(value.Id));
            if (writer is not { Type: XnnNodeType.Convert or XnnNodeType.StaticReshape or XnnNodeType.StaticTranspose or XnnNodeType.StaticSlice } || graph.Values.FirstOrDefault(v => v.Id == writer.Inputs[0]) is not { } source)
                return 0;
            value = source;
        }
        return 0;
    }
}
