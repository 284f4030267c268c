namespace ExecuSharp.Inspection;

/// <summary>Bytes that a program carries for one tensor.</summary>
/// <param name="Name">Full name or key where the program has one, else the place: <c>forward value 3</c>, <c>forward delegate 0 value 7</c>.</param>
/// <param name="Place">Where the bytes are: <c>constant segment</c>, <c>FlatBuffer</c>, <c>named data</c>, <c>payload</c>, <c>initial value</c>, <c>data file</c>.</param>
/// <param name="Type">Type and sizes.</param>
/// <param name="Bytes">Number of bytes.</param>
/// <param name="Uses">Number of values that have these bytes.</param>
public sealed record WeightInspection(string Name, string Place, string Type, ulong Bytes, int Uses);
