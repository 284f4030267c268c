using System.Runtime.CompilerServices;
using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Png;

/// <summary>Undoes the row filters of PNG in place.</summary>
internal static class PngFilter
{
    /// <param name="filter">0 none, 1 left, 2 above, 3 average, 4 Paeth.</param>
    /// <param name="row">The filtered row.</param>
    /// <param name="above">The row before, of the same length; zeros for the first.</param>
    /// <param name="distance">Bytes to the left neighbour.</param>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        above = above[..row.Length];
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = distance; i < row.Length; i++)
                    row[i] += row[i - distance];
                break;
            case 2:
                for (int i = 0; i < row.Length; i++)
                    row[i] += above[i];
                break;
            case 3:
                for (int i = 0; i < Math.Min(distance, row.Length); i++)
                    row[i] += (byte)(above[i] >> 1);
                for (int i = distance; i < row.Length; i++)
                    row[i] += (byte)((row[i - distance] + above[i]) >> 1);
                break;
            case 4:
                for (int i = 0; i < Math.Min(distance, row.Length); i++)
                    row[i] += above[i];
                for (int i = distance; i < row.Length; i++)
                    row[i] += Paeth(row[i - distance], above[i], above[i - distance]);
                break;
            default:
                throw new ModelFormatException("IDAT", "row filter 0 to 4", $"{filter}");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Paeth(int left, int above, int corner)
    {
        int toLeft = Math.Abs(above - corner), toAbove = Math.Abs(left - corner), toCorner = Math.Abs(left + above - 2 * corner);
        return (byte)(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner);
    }
}
