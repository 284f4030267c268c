namespace ExecuSharp.Formats.Pt2;

/// <summary>A program of torch.export, as the file has it.</summary>
/// <param name="Graph">The top graph.</param>
/// <param name="InputSpecs">What each input of the graph is.</param>
/// <param name="OutputSpecs">What each output of the graph is.</param>
/// <param name="RangeConstraints">Ranges by symbol.</param>
/// <param name="ModuleCalls">Modules; the first is the top one.</param>
/// <param name="OpsetVersion">Operator set versions by namespace.</param>
/// <param name="SchemaMajor">First number of the schema version.</param>
/// <param name="SchemaMinor">Second number of the schema version.</param>
/// <param name="TorchVersion">The PyTorch that wrote it, in newer files.</param>
/// <param name="Guards">Python text of the conditions on inputs, in newer files.</param>
public sealed record ExportedProgramRecord(
    Pt2Graph Graph,
    IReadOnlyList<Pt2InputSpec> InputSpecs,
    IReadOnlyList<Pt2OutputSpec> OutputSpecs,
    IReadOnlyDictionary<string, Pt2RangeConstraint> RangeConstraints,
    IReadOnlyList<Pt2ModuleCall> ModuleCalls,
    IReadOnlyDictionary<string, long> OpsetVersion,
    long SchemaMajor,
    long SchemaMinor,
    string? TorchVersion,
    IReadOnlyList<string> Guards)
{
    /// <summary>How the caller's inputs are nested, or null if the file does not say.</summary>
    public Pt2TreeSpec? InputTree => ModuleCalls.FirstOrDefault(m => m.Name.Length == 0)?.Inputs;

    /// <summary>How the result is nested, or null if the file does not say.</summary>
    public Pt2TreeSpec? OutputTree => ModuleCalls.FirstOrDefault(m => m.Name.Length == 0)?.Outputs;
}
