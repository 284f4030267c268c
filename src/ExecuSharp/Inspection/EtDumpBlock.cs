namespace ExecuSharp.Inspection;

/// <summary>Runs of an ETDump that have the same name and the same events.</summary>
/// <param name="Name">Name.</param>
/// <param name="Runs">Number of runs.</param>
/// <param name="Events">Events in the order of the first run.</param>
/// <param name="AllocatedBytes">Bytes that the runs' allocation events add up to.</param>
/// <param name="LoggedValues">Number of logged values.</param>
public sealed record EtDumpBlock(string Name, int Runs, IReadOnlyList<EtDumpEventTimes> Events, ulong AllocatedBytes, int LoggedValues);
