using System.Globalization;

namespace ExecuSharp.Compiler;

/// <summary>A release of ExecuTorch and what its runtime can load.</summary>
/// <param name="Major">Major number.</param>
/// <param name="Minor">Minor number.</param>
public readonly record struct ExecuTorchRelease(int Major, int Minor) : IComparable<ExecuTorchRelease>
{
    /// <summary>The newest release that is known.</summary>
    public static ExecuTorchRelease Latest => new(1, 5);

    /// <summary>The oldest release that programs can be written for.</summary>
    public static ExecuTorchRelease Oldest => new(0, 4);

    /// <summary>Every release that programs can be written for, oldest first.</summary>
    public static IReadOnlyList<ExecuTorchRelease> All { get; } =
        [new(0, 4), new(0, 5), new(0, 6), new(0, 7), new(1, 0), new(1, 1), new(1, 2), new(1, 3), new(1, 4), new(1, 5)];

    /// <summary>Bytes of the extended header: 24 up to 0.7, 32 since 1.0.</summary>
    public int HeaderLength => this >= new ExecuTorchRelease(1, 0) ? 32 : 24;

    /// <summary>XNNPACK weights may be named data of the program (since 0.6); before, they are inside the payload.</summary>
    public bool HasNamedData => this >= new ExecuTorchRelease(0, 6);

    /// <summary>XNNPACK scales may be named data of the program (since 0.7).</summary>
    public bool HasNamedScales => this >= new ExecuTorchRelease(0, 7);

    /// <summary>Reads <c>1.5</c>.</summary>
    public static bool TryParse(string text, out ExecuTorchRelease release)
    {
        release = default;
        var parts = text.Split('.');
        if (parts.Length < 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor))
            return false;
        release = new ExecuTorchRelease(major, minor);
        return All.Contains(release);
    }

    /// <inheritdoc/>
    public int CompareTo(ExecuTorchRelease other) => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    /// <summary>Not older.</summary>
    public static bool operator >=(ExecuTorchRelease a, ExecuTorchRelease b) => a.CompareTo(b) >= 0;

    /// <summary>Not newer.</summary>
    public static bool operator <=(ExecuTorchRelease a, ExecuTorchRelease b) => a.CompareTo(b) <= 0;

    /// <summary>Newer.</summary>
    public static bool operator >(ExecuTorchRelease a, ExecuTorchRelease b) => a.CompareTo(b) > 0;

    /// <summary>Older.</summary>
    public static bool operator <(ExecuTorchRelease a, ExecuTorchRelease b) => a.CompareTo(b) < 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
