namespace ExecuSharp.Formats.Pte;

/// <summary>More about a tensor: which table of initial values, its full name, where its bytes are (0 in the program, 1 in a data file), its device.</summary>
public sealed record PteExtraTensorInfo(ulong MutableDataSegmentsIndex, string? FullyQualifiedName, byte Location, byte DeviceType = 0, sbyte DeviceIndex = 0);
