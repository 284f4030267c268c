using System.Buffers;

namespace ExecuSharp.Operators.Common;

/// <summary>Memory for the length of a call, not initialised: rented, so that a kernel that runs again allocates nothing. Dispose exactly once.</summary>
internal readonly ref struct Scratch<T> where T : unmanaged
{
    private readonly T[] rented;

    /// <summary>Rents room for <paramref name="length"/> elements.</summary>
    public Scratch(int length)
    {
        rented = ArrayPool<T>.Shared.Rent(length);
        Span = rented.AsSpan(0, length);
    }

    /// <summary>The elements.</summary>
    public Span<T> Span { get; }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ArrayPool<T>.Shared.Return(rented);
}
