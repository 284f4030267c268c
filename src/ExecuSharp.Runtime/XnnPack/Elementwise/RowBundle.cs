namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>
/// Short rows of a broadcast, taken together where one input repeats its row: the bundle is as long as <see cref="Target"/> elements allow.
/// </summary>
internal readonly struct RowBundle
{
    private const int Target = 1024;

    /// <summary>Plans the bundles of a prepared broadcast.</summary>
    public RowBundle(Broadcast broadcast)
    {
        int repeats = Math.Max(broadcast.LeftRepeats, broadcast.RightRepeats);
        LeftRepeated = broadcast.LeftRepeats > 1;
        Repeats = broadcast.Length < Target / 4 ? repeats : 1;
        Rows = Repeats == 1 ? 1 : Math.Min(repeats, Math.Max(1, Target / broadcast.Length));
    }

    /// <summary>True if the left input repeats.</summary>
    public bool LeftRepeated { get; }

    /// <summary>Rows after which the repeated row changes; 1 for no bundles.</summary>
    public int Repeats { get; }

    /// <summary>Rows of a whole bundle.</summary>
    public int Rows { get; }
}
