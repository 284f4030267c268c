using System.Runtime.InteropServices;

namespace ExecuSharp.Formats.Io;

/// <summary>Gives pages of mapped files back to the system.</summary>
public static unsafe partial class MappedPages
{
    private const int LeastBytes = 1 << 18;

    // MADV_PAGEOUT of linux/mman.h: clean pages go and are read from the file when they are used again, changed ones stay or go to swap.
    private const int PageOut = 21;

    /// <summary>
    /// Says that bytes of a mapped file will not be needed for a while; their contents stay what they are. Does nothing for other memory, for less than
    /// 256 KiB, and on systems other than Linux.
    /// </summary>
    public static void Release(ReadOnlyMemory<byte> bytes)
    {
        if (!OperatingSystem.IsLinux() || bytes.Length < LeastBytes || !MemoryMarshal.TryGetMemoryManager<byte, MappedMemory>(bytes, out var mapping, out int start, out int length))
            return;
        nuint page = (nuint)Environment.SystemPageSize;
        nuint first = ((nuint)(mapping.Start + start) + page - 1) / page * page, end = (nuint)(mapping.Start + start + length) / page * page;
        if (end > first)
            _ = Advise(first, end - first, PageOut);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);
}
