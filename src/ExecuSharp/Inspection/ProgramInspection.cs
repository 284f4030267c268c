using ExecuSharp.Formats.Pte;
using ExecuSharp.Runtime;

namespace ExecuSharp.Inspection;

/// <summary>What tools want to know of a program beyond its tables.</summary>
/// <param name="Methods">A summary of each method.</param>
/// <param name="Weights">Bytes by tensor, the largest first.</param>
/// <param name="ConstantBytes">Bytes of the constants.</param>
/// <param name="NamedDataBytes">Bytes of the named data.</param>
/// <param name="Releases">The releases that can run it, and why.</param>
/// <example><code>
/// using var program = Program.Load("model.pte");
/// var inspection = ProgramInspection.Of(program.Records);
/// Console.WriteLine($"ExecuTorch {inspection.Releases}; largest weight {inspection.Weights[0].Name}");
/// </code></example>
public sealed record ProgramInspection(IReadOnlyList<MethodInspection> Methods, IReadOnlyList<WeightInspection> Weights, long ConstantBytes, long NamedDataBytes, ReleaseRange Releases)
{
    /// <summary>Looks at a program as the default runtime would run it.</summary>
    public static ProgramInspection Of(PteProgram program)
    {
        var options = RuntimeOptions.Default;
        var backends = options.Backends.Select(b => b.Id).ToHashSet(StringComparer.Ordinal);
        var methods = program.Methods.Select(m => MethodInspection.Of(program, m, options.Operators, backends)).ToList();
        long constants = program.HasConstantSegment && program.ConstantSegment!.SegmentIndex < program.Segments.Count
            ? (long)program.Segments[(int)program.ConstantSegment.SegmentIndex].Size
            : program.ConstantBuffer.Sum(b => (long)b.Length);
        long named = program.NamedData.Select(n => n.SegmentIndex).Distinct().Sum(i => (long)program.Segments[(int)i].Size);
        return new ProgramInspection(methods, WeightCollector.Collect(program, methods), constants, named, ReleaseRules.Apply(program, methods));
    }
}
