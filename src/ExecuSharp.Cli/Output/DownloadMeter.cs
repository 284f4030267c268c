using ExecuSharp.Downloads;

namespace ExecuSharp.Cli.Output;

/// <summary>Tells how far a download is, at each percent, or each tenth where the lines stay.</summary>
internal sealed class DownloadMeter(string name, Reporter reporter) : IProgress<DownloadProgress>
{
    private const long UnknownStep = 16 << 20;

    private long last = -1;

    public void Report(DownloadProgress value)
    {
        long step = value.Total is > 0 and var total ? value.Bytes * (reporter.IsLive ? 100 : 10) / total : value.Bytes / UnknownStep;
        if (step == last)
            return;
        last = step;
        reporter.Report(value.Total is { } all ? $"{name}: {Units.Bytes(value.Bytes)} of {Units.Bytes(all)}" : $"{name}: {Units.Bytes(value.Bytes)}");
    }
}
