using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecuSharp.Kernels;

/// <summary>Memory for intermediate results that the calls of one method share, one after another; nothing in it lasts from call to call.</summary>
public sealed unsafe class Workspace
{
    private const int Alignment = 64;

    private byte[] memory = [];

    /// <summary>Changes when the memory moves: addresses taken before are no longer valid.</summary>
    public int Generation { get; private set; }

    /// <summary>The start of the memory, on a multiple of 64; it grows if it is too small.</summary>
    /// <param name="bytes">Bytes needed.</param>
    /// <exception cref="OutOfMemoryException">So many bytes are not to be had.</exception>
    public byte* Take(long bytes)
    {
        if (memory.Length < bytes + Alignment)
        {
            if (bytes > Array.MaxLength - Alignment)
                throw new OutOfMemoryException($"{bytes} bytes of intermediate results");
            memory = [];
            memory = GC.AllocateUninitializedArray<byte>((int)bytes + Alignment, pinned: true);
            Generation++;
        }
        byte* start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
        return start + ((Alignment - ((nint)start & (Alignment - 1))) & (Alignment - 1));
    }
}
