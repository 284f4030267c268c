namespace ExecuSharp.Models.Manifest;

/// <summary>The input of a signal network: [1, channels, length].</summary>
/// <param name="Channels">1 for the magnitude, 3 for x, y and z.</param>
/// <param name="Length">Samples.</param>
/// <param name="SampleRate">Samples in a second.</param>
/// <param name="Unit">Unit of a sample.</param>
public sealed record SignalInput(int Channels, int Length, double SampleRate, string Unit);
