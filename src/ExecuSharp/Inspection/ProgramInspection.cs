using ExecuSharp.Formats.Pte;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Inspection;

/// <summary>What tools want to know of a program beyond its tables.</summary>
/// <param name="Methods">A summary of each method.</param>
/// <param name="ConstantBytes">Bytes of the constants.</param>
/// <param name="NamedDataBytes">Bytes of the named data.</param>
/// <param name="Releases">The releases that can load it, and why.</param>
public sealed record ProgramInspection(IReadOnlyList<MethodInspection> Methods, long ConstantBytes, long NamedDataBytes, ReleaseRange Releases)
{
    /// <summary>Looks at a program.</summary>
    public static ProgramInspection Of(PteProgram program)
    {
        var methods = program.Methods.Select(m => MethodInspection.Of(program, m, OperatorTable.Default)).ToList();
        long constants = program.HasConstantSegment && program.ConstantSegment!.SegmentIndex < program.Segments.Count
            ? (long)program.Segments[(int)program.ConstantSegment.SegmentIndex].Size
            : program.ConstantBuffer.Sum(b => (long)b.Length);
        long named = program.NamedData.Select(n => n.SegmentIndex).Distinct().Sum(i => (long)program.Segments[(int)i].Size);
        return new ProgramInspection(methods, constants, named, ReleaseRange.Of(program, methods));
    }
}
