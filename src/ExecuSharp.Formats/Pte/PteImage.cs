namespace ExecuSharp.Formats.Pte;

/// <summary>What a writer needs beside the program's tables: the bytes of its segments with their alignments, in order.</summary>
/// <param name="Program">Tables. Segment offsets are computed by the writer; those in the program are ignored.</param>
/// <param name="Segments">Segment bytes and the alignment of each (0 for the default).</param>
public sealed record PteImage(PteProgram Program, IReadOnlyList<PteSegmentData> Segments);
