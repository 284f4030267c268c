namespace ExecuSharp.Operators.Common;

/// <summary>Work over a range of elements that can be split anywhere.</summary>
internal interface IRangeJob
{
    /// <summary>Does the elements from <paramref name="start"/> up to, but not including, <paramref name="end"/>; called from any thread.</summary>
    void Run(long start, long end);
}
