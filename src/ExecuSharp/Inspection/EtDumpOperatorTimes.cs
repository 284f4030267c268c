namespace ExecuSharp.Inspection;

/// <summary>An operator of an ETDump over all of its calls.</summary>
/// <param name="Name">Kernel without namespace (<c>addmm.out</c>), kind of a delegate's step, or kind of a call (<c>OPERATOR_CALL</c>).</param>
/// <param name="Times">Its times.</param>
public sealed record EtDumpOperatorTimes(string Name, TimeStatistics Times);
