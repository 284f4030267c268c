using System.Numerics;

namespace ExecuSharp.Operators.Indexing;

/// <summary>
/// Brings the first k elements of an order to the front. A NaN is larger than every number. Equal elements come in the order that the official
/// kernel leaves them in: quickselect with the median of three and then quicksort, or heap selection where k is small against the row.
/// </summary>
internal readonly ref struct PartialOrder<T>(Span<Ranked<T>> row, bool largest) where T : unmanaged, INumber<T>
{
    private const int Short = 16;
    private readonly Span<Ranked<T>> row = row;

    /// <summary>Orders the row.</summary>
    public void Apply(int k, bool sorted)
    {
        if ((long)k * 64 <= row.Length)
        {
            SelectByHeap(0, k, row.Length);
            SortHeap(0, k);
            return;
        }
        Select(k - 1);
        if (sorted)
            Sort(0, k - 1);
    }

    private bool Before(in Ranked<T> a, in Ranked<T> b) => largest ? Less(b.Value, a.Value) : Less(a.Value, b.Value);

    private static bool Less(T a, T b) => (!T.IsNaN(a) && T.IsNaN(b)) || a < b;

    private void Select(int nth)
    {
        int first = 0, last = row.Length, depth = 2 * BitOperations.Log2((uint)row.Length);
        while (last - first > 3)
        {
            if (depth-- == 0)
            {
                SelectByHeap(first, nth + 1, last);
                Swap(first, nth);
                return;
            }
            int cut = Partition(first, last);
            if (cut <= nth)
                first = cut;
            else
                last = cut;
        }
        Insert(first, last);
    }

    private void Sort(int first, int last)
    {
        if (first >= last)
            return;
        SortLong(first, last, 2 * BitOperations.Log2((uint)(last - first)));
        int head = Math.Min(first + Short, last);
        Insert(first, head);
        for (int i = head; i < last; i++)
            Sink(i);
    }

    private void SortLong(int first, int last, int depth)
    {
        while (last - first > Short)
        {
            if (depth-- == 0)
            {
                SelectByHeap(first, last, last);
                SortHeap(first, last);
                return;
            }
            int cut = Partition(first, last);
            SortLong(cut, last, depth);
            last = cut;
        }
    }

    private int Partition(int first, int last)
    {
        int middle = first + ((last - first) / 2);
        Swap(first, Median(first + 1, middle, last - 1));
        int left = first + 1, right = last;
        while (true)
        {
            while (Before(row[left], row[first]))
                left++;
            right--;
            while (Before(row[first], row[right]))
                right--;
            if (left >= right)
                return left;
            Swap(left++, right);
        }
    }

    private int Median(int a, int b, int c)
    {
        if (Before(row[a], row[b]))
            return Before(row[b], row[c]) ? b : Before(row[a], row[c]) ? c : a;
        return Before(row[a], row[c]) ? a : Before(row[b], row[c]) ? c : b;
    }

    private void Insert(int first, int last)
    {
        for (int i = first + 1; i < last; i++)
        {
            if (!Before(row[i], row[first]))
            {
                Sink(i);
                continue;
            }
            var value = row[i];
            row[first..i].CopyTo(row[(first + 1)..]);
            row[first] = value;
        }
    }

    private void Sink(int at)
    {
        var value = row[at];
        for (; Before(value, row[at - 1]); at--)
            row[at] = row[at - 1];
        row[at] = value;
    }

    private void SelectByHeap(int first, int middle, int last)
    {
        int length = middle - first;
        for (int parent = ((length - 2) / 2) + 1; length >= 2 && parent-- > 0;)
            SiftDown(first, parent, length, row[first + parent]);
        for (int i = middle; i < last; i++)
            if (Before(row[i], row[first]))
                Pop(first, length, i);
    }

    private void SortHeap(int first, int last)
    {
        while (--last > first)
            Pop(first, last - first, last);
    }

    private void Pop(int first, int length, int to)
    {
        var value = row[to];
        row[to] = row[first];
        SiftDown(first, 0, length, value);
    }

    private void SiftDown(int first, int hole, int length, Ranked<T> value)
    {
        int top = hole, child = hole;
        while (child < (length - 1) / 2)
        {
            child = 2 * (child + 1);
            if (Before(row[first + child], row[first + child - 1]))
                child--;
            row[first + hole] = row[first + child];
            hole = child;
        }
        if (length % 2 == 0 && child == (length - 2) / 2)
        {
            child = (2 * child) + 1;
            row[first + hole] = row[first + child];
            hole = child;
        }
        for (int parent = (hole - 1) / 2; hole > top && Before(row[first + parent], value); parent = (hole - 1) / 2)
        {
            row[first + hole] = row[first + parent];
            hole = parent;
        }
        row[first + hole] = value;
    }

    private void Swap(int a, int b) => (row[a], row[b]) = (row[b], row[a]);
}
