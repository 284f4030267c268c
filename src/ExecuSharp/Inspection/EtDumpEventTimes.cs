namespace ExecuSharp.Inspection;

/// <summary>An event of an ETDump over all runs of its block.</summary>
/// <param name="Name">Name; that of the step for an event inside a delegate.</param>
/// <param name="Chain">Chain of the instruction; -1 for a whole method.</param>
/// <param name="Instruction">Instruction.</param>
/// <param name="InDelegate">Whether it is a step of a delegate.</param>
/// <param name="Times">Its times.</param>
public sealed record EtDumpEventTimes(string Name, int Chain, int Instruction, bool InDelegate, TimeStatistics Times);
