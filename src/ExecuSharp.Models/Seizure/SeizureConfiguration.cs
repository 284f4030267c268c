using System.Text.Json.Nodes;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Models.Seizure;

/// <summary>What the <c>config</c> entry of a training checkpoint says about the input. It is under <c>modelConfig</c>, or at the top.</summary>
internal sealed class SeizureConfiguration(Checkpoint checkpoint)
{
    public const int MaxLength = 1 << 20;

    private static readonly string[] ClassNames = ["non-seizure", "seizure"];

    private readonly JsonObject? model = checkpoint.Configuration?["modelConfig"] as JsonObject ?? checkpoint.Configuration;

    public double SampleRate => Number("sampleFreq") ?? 25;

    /// <summary>Samples of a window of the length that one of the keys gives in seconds; null if none does.</summary>
    public int? Samples(params ReadOnlySpan<string> secondsKeys)
    {
        foreach (string key in secondsKeys)
            if (Number(key) is { } seconds && Number("sampleFreq") is { } rate && seconds * rate is >= 1 and <= MaxLength and var samples)
                return (int)Math.Round(samples);
        return null;
    }

    /// <summary>Names of the outputs.</summary>
    public static IReadOnlyList<string> Classes(int count) => count == 2 ? ClassNames : [.. Enumerable.Range(0, count).Select(i => $"class {i}")];

    /// <summary>The length of the input: the caller's, else the configuration's.</summary>
    /// <exception cref="ArgumentException">Neither says it, or it is too short.</exception>
    public int Length(ModelBuildOptions options, int minimum, params ReadOnlySpan<string> secondsKeys)
    {
        int length = options.InputLength ?? Samples(secondsKeys)
            ?? throw new ArgumentException($"the length of the input is neither in {checkpoint.Name} nor given; the weights fit any length from {minimum} (the deployed networks use 750, 30 seconds at 25 a second)");
        return length >= minimum && length <= MaxLength ? length : throw new ArgumentException($"the input of {checkpoint.Name} must have {minimum} to {MaxLength} samples, {length} were asked for");
    }

    private double? Number(string key) => model?[key] is JsonValue value
        ? value.TryGetValue(out double number) ? number : value.TryGetValue(out long integer) ? integer : null
        : null;
}
