using ExecuSharp.Conversion;
using ExecuSharp.Core;

namespace ExecuSharp.Cli.Conversions;

/// <summary>What became of one source: programs, or an error.</summary>
/// <param name="Source">Path of the source, or of several that make one program.</param>
/// <param name="Report">What was made, or null.</param>
/// <param name="Error">Why nothing was made, or null.</param>
internal sealed record ConversionOutcome(string Source, ConversionReport? Report, Exception? Error)
{
    /// <summary>Exit code.</summary>
    public int Code => Error is null ? ExitCodes.Done : ExitCodes.Of(Error)!.Value;

    /// <summary>All that the source needs and that is not supported.</summary>
    public IReadOnlyList<UnsupportedItem> Unsupported => Error is UnsupportedModelException e ? e.Items : [];

    /// <summary>The error in one sentence: what is not supported is listed apart.</summary>
    public string? Summary => Unsupported.Count > 0 ? $"needs what is not supported: {string.Join(", ", Unsupported.Select(u => u.What).Distinct(StringComparer.Ordinal))}" : Error?.Message;

    /// <summary>Converts; errors that have an exit code become an outcome, but cancelling ends it all.</summary>
    public static ConversionOutcome Of(string source, Func<ConversionReport> convert)
    {
        try
        {
            return new ConversionOutcome(source, convert(), null);
        }
        catch (Exception e) when (e is not OperationCanceledException && ExitCodes.Of(e) is not null)
        {
            return new ConversionOutcome(source, null, e);
        }
    }
}
