using System.Buffers;

namespace ExecuSharp.Formats.Io;

/// <summary>A range of a mapped file.</summary>
internal sealed unsafe class MappedMemory(ByteSource owner, byte* start, int length) : MemoryManager<byte>
{
    /// <summary>Address of the first byte.</summary>
    public byte* Start => start;

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(owner.IsDisposed, owner);
        return new Span<byte>(start, length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex, pinnable: this);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
