namespace ExecuSharp.Benchmarking;

/// <summary>Time in one operator or backend.</summary>
/// <param name="Name">Operator, or backend of a delegate.</param>
/// <param name="Calls">Calls in a run.</param>
/// <param name="Milliseconds">Milliseconds in a run.</param>
/// <param name="Share">Part of the run, 0 to 1.</param>
public sealed record OperatorTime(string Name, double Calls, double Milliseconds, double Share);
