using System.Globalization;

namespace ExecuSharp.Cli.Output;

/// <summary>Numbers with units for people.</summary>
internal static class Units
{
    public static string Bytes(ulong bytes) => Bytes((long)Math.Min(bytes, long.MaxValue));

    public static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => Text($"{bytes} B"),
        < 1 << 20 => Text($"{bytes / 1024.0:F1} KiB"),
        < 1 << 30 => Text($"{bytes / 1048576.0:F1} MiB"),
        _ => Text($"{bytes / 1073741824.0:F2} GiB"),
    };

    public static string Milliseconds(double ms) => Time(ms) + " ms";

    /// <summary>Milliseconds for a column whose header says the unit.</summary>
    public static string Time(double ms) => ms < 10 ? Text($"{ms:F3}") : Text($"{ms:F1}");

    public static string Cosine(double value) => Text($"{value:F6}");

    public static string Small(double value) => Text($"{value:G3}");

    /// <summary>A ratio in dB; infinite where two values are equal, negative infinite where one is not finite.</summary>
    public static string Decibels(double db) => double.IsPositiveInfinity(db) ? "equal" : double.IsNegativeInfinity(db) ? "-∞ dB" : Text($"{db:F1} dB");

    public static string Percent(double part) => Text($"{part * 100:F1} %");

    /// <summary>A number with its noun.</summary>
    public static string Count(long count, string noun) => Text($"{count} {noun}{(count == 1 ? "" : "s")}");

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
