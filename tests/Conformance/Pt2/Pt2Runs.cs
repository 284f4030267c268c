using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pt2;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Pt2;
using ExecuSharp.Kernels;

namespace ExecuSharp.Tests.Conformance.Pt2;

/// <summary>Imports programs and runs them node by node on recorded inputs.</summary>
internal static class Pt2Runs
{
    /// <summary>Imports a program from bytes.</summary>
    public static Graph Import(byte[] bytes) => Pt2Importer.Import(Pt2Archive.Open(new ByteSource(bytes)).Model);

    /// <summary>Runs the sets <c>in.S.K</c> in order on one instance and compares with <c>out.S.K</c>: null, or the first difference.</summary>
    public static string? Check(Graph graph, SafeTensorsFile io, double rtol, double atol)
    {
        var run = new GraphInterpreter(graph, KernelContext.SingleThreaded());
        for (int set = 0; io.Names.Any(n => n.StartsWith($"in.{set}.", StringComparison.Ordinal)) || set == 0; set++)
        {
            var outputs = run.Run(Numbered(io, $"in.{set}."));
            for (int k = 0; k < outputs.Length; k++)
                if (io.TryGet($"out.{set}.{k}", out var wanted)
                    && TensorComparison.Compare(outputs[k].AsTensor(), wanted.ToTensor(), rtol, atol) is { } difference)
                    return $"set {set}, output {k}: {difference}";
        }
        return null;
    }

    /// <summary>The tensors <c>prefix0</c>, <c>prefix1</c>, … as copies that may be written.</summary>
    public static Tensor[] Numbered(SafeTensorsFile io, string prefix) =>
        [.. io.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(n => int.Parse(n.AsSpan(prefix.Length))).Select(n => io.GetTensor(n).Clone())];

    /// <summary>The same tensors as values of a bundle.</summary>
    public static List<BundledValue> Bundled(SafeTensorsFile io, string prefix) =>
        [.. Numbered(io, prefix).Select(t => new BundledValue.TensorValue(t.Type, t.Sizes.ToArray(), t.Bytes.ToArray(), t.DimOrder.ToArray()))];
}
