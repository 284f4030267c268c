namespace ExecuSharp.Verification;

/// <summary>Walks two tensors of the same sizes in logical order.</summary>
internal sealed class LogicalOrder(ReadOnlySpan<int> sizes, ReadOnlySpan<int> first, ReadOnlySpan<int> second)
{
    private readonly int[] sizes = sizes.ToArray();
    private readonly int[] first = first.ToArray();
    private readonly int[] second = second.ToArray();
    private readonly int[] index = new int[sizes.Length];

    /// <summary>Position in the first tensor's memory.</summary>
    public int First { get; private set; }

    /// <summary>Position in the second tensor's memory.</summary>
    public int Second { get; private set; }

    /// <summary>Goes to the next element.</summary>
    public void Next()
    {
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            First += first[d];
            Second += second[d];
            if (++index[d] < sizes[d])
                return;
            First -= first[d] * sizes[d];
            Second -= second[d] * sizes[d];
            index[d] = 0;
        }
    }
}
