using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Inspection;

/// <summary>What official runtimes of all releases did with files that have one feature each, as rules.</summary>
internal sealed class ReleaseRules
{
    private readonly List<ReleaseLimit> limits = [];
    private readonly PteProgram program;
    private readonly HashSet<string> keys;

    private ReleaseRules(PteProgram program)
    {
        this.program = program;
        keys = program.NamedData.Select(n => n.Key).ToHashSet(StringComparer.Ordinal);
    }

    public static ReleaseRange Apply(PteProgram program, IReadOnlyList<MethodInspection> methods)
    {
        var rules = new ReleaseRules(program);
        rules.Container();
        rules.Libraries(methods);
        foreach (string key in methods.SelectMany(m => m.Operators).Select(o => o.Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            rules.From(KernelReleases.First(key), $"operator {key}");
        rules.Kernels();
        foreach (var graph in methods.SelectMany(m => m.Delegates).Select(d => d.Graph).OfType<XnnGraph>())
            rules.Payload(graph);
        return new ReleaseRange([.. ReleaseRange.Known.Where(r => !rules.limits.Exists(l => l.Excluded.Contains(r)))], rules.limits);
    }

    private void Container()
    {
        var tensors = program.Methods.SelectMany(m => m.Values).OfType<PteTensor>().ToList();
        ulong room = program.Header is { } header && header.SegmentBase <= (ulong)program.FileSize ? (ulong)program.FileSize - header.SegmentBase : 0;
        for (int i = 0; i < program.Segments.Count; i++)
            if (program.Segments[i] is { Size: > 0 } s && (s.Size > room || s.Offset > room - s.Size))
                Without(_ => true, $"segment {i} ends behind the end of the file");
        if (!program.HasConstantSegment)
            Without(r => r > new ExecuTorchRelease(1, 2), program.ConstantBuffer.Any(b => b.Length > 0) ? "constants are inside the FlatBuffer" : "no constant segment; it must be there even without constants");
        if (tensors.Exists(t => t.Allocation is not null && t.DataBufferIndex > 0 && !t.IsExternal))
            From(new(0, 4), "initial values of mutable buffers");
        if (tensors.Exists(t => t.IsExternal))
            From(new(1, 0), "external weights (.ptd)");
        if (tensors.Exists(t => t.Type == ScalarType.BFloat16))
            From(new(0, 3), "BFloat16 tensors");
    }

    private void Libraries(IReadOnlyList<MethodInspection> methods)
    {
        foreach (string backend in methods.SelectMany(m => m.Delegates).Select(d => d.Backend).Where(b => b != "XnnpackBackend").Distinct(StringComparer.Ordinal))
            limits.Add(new ReleaseLimit([], $"needs a runtime with backend {backend}"));
        foreach (var use in methods.SelectMany(m => m.Operators).DistinctBy(o => o.Key))
            if (use.RunBy is null)
                limits.Add(new ReleaseLimit([], $"needs a runtime with operator {use.Key}"));
            else if (use.Key.StartsWith("llama::", StringComparison.Ordinal))
                limits.Add(new ReleaseLimit([], $"needs a runtime with the llama operators: {use.Key}"));
    }

    private void Kernels()
    {
        foreach (var method in program.Methods)
            foreach (var call in method.Chains.SelectMany(c => c.Instructions).OfType<PteInstruction.KernelCall>())
            {
                var arguments = call.Args.Select(a => method.Values[a]).OfType<PteTensor>().ToList();
                string key = method.Operators[call.OperatorIndex].Key;
                if (key == "dim_order_ops::_to_dim_order_copy.out" && arguments.Exists(t => t.Type == ScalarType.BFloat16))
                    From(new(0, 5), $"{key} with BFloat16 (older releases end the process)");
                if (key == "quantized_decomposed::dequantize_per_channel.out" && arguments is [_, { Type: ScalarType.Float }, ..])
                    From(new(0, 4), $"{key} with Float scales (0.3 wants Double and ends the process)");
            }
    }

    private void Payload(XnnGraph graph)
    {
        foreach (var (type, since) in XnnNodeReleases.Later)
            if (graph.Nodes.Any(n => n.Type == type))
                From(since, $"XNNPACK node {type}");
        if (graph.Nodes.Any(n => n.Type == XnnNodeType.ScaledDotProductAttention))
            Without(r => r >= new ExecuTorchRelease(0, 7), "XNNPACK node ScaledDotProductAttention");
        if (graph.Values.Any(v => v.Datatype is XnnDatatype.QInt8 or XnnDatatype.QUInt8 && v.ConstantIndex == 0))
            From(new(0, 3), "XNNPACK static int8");
        var named = graph.Constants.Skip(1).Select(c => c.NamedKey).OfType<string>().ToList();
        if (named.Exists(k => !keys.Contains(k)))
            From(new(1, 0), "XNNPACK weights in a data file (.ptd)");
        if (named.Count > 0)
            From(new(0, 6), "XNNPACK weights in named data (older releases compute wrong numbers without an error)");
        if (graph.Values.Any(v => v.Quantization is XnnPerChannel { ScaleConstant: > 0 } or XnnPerChannelGroup { ScaleConstant: > 0 }))
            From(new(0, 7), "XNNPACK scales in named data");
        foreach (var group in graph.Values.Select(v => v.Quantization).OfType<XnnPerChannelGroup>())
            if (group.ScalesBFloat16.Length > 0)
                Without(_ => true, "XNNPACK int4 with inline BFloat16 scales");
            else
                Without(r => r >= new ExecuTorchRelease(0, 4) && r <= new ExecuTorchRelease(0, 6), "XNNPACK int4 in blocks (these releases compute wrong numbers)");
    }

    private void From(ExecuTorchRelease first, string why) => Without(r => r < first, why);

    private void Without(Func<ExecuTorchRelease, bool> excluded, string why)
    {
        ExecuTorchRelease[] releases = [.. ReleaseRange.Known.Where(excluded)];
        if (releases.Length > 0 && !limits.Exists(l => l.Why == why))
            limits.Add(new ReleaseLimit(releases, why));
    }
}
