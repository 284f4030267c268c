using System.IO.MemoryMappedFiles;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.Io;

/// <summary>The bytes of a file: mapped, so that pages are read when they are used, or in memory.</summary>
/// <remarks>Memory handed out by <see cref="Slice"/> must not be used after <see cref="Dispose"/>.</remarks>
public sealed unsafe class ByteSource : IDisposable
{
    private readonly ReadOnlyMemory<byte> memory;
    private readonly MemoryMappedFile? file;
    private readonly MemoryMappedViewAccessor? view;
    private readonly byte* pointer;
    private readonly ByteSource? parent;
    private bool disposed;

    /// <summary>Bytes in memory.</summary>
    public ByteSource(ReadOnlyMemory<byte> bytes, string? name = null)
    {
        memory = bytes;
        Length = bytes.Length;
        Name = name;
    }

    private ByteSource(string path, long length)
    {
        Name = path;
        Length = length;
        // Copy on write: a program that writes to its own constants changes private pages, and cannot crash the process.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: false);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.CopyOnWrite);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        pointer += view.PointerOffset;
    }

    private ByteSource(ByteSource parent, byte* pointer, long length)
    {
        this.parent = parent;
        this.pointer = pointer;
        Length = length;
        Name = parent.Name;
    }

    /// <summary>The file's name, if there is one.</summary>
    public string? Name { get; }

    /// <summary>Length in bytes.</summary>
    public long Length { get; }

    /// <summary>True once the mapping has ended.</summary>
    internal bool IsDisposed => disposed;

    /// <summary>Opens a file by mapping it.</summary>
    /// <exception cref="ModelFormatException">The file is missing, is a folder, or cannot be read.</exception>
    public static ByteSource Open(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
                throw new ModelFormatException("the file", "a file", Directory.Exists(path) ? "a folder" : "nothing of that name", path);
            if (info.Length == 0)
                return new ByteSource(ReadOnlyMemory<byte>.Empty, path);
            return new ByteSource(path, info.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelFormatException("the file", "a readable file", e.Message, path, e);
        }
    }

    /// <summary>Opens a file and what is in it; if that fails, the file is closed and the error names it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Makes an object that owns the source.</param>
    /// <exception cref="ModelFormatException">The file cannot be read, or <paramref name="read"/> threw it.</exception>
    public static T Open<T>(string path, Func<ByteSource, T> read)
    {
        var source = Open(path);
        try
        {
            return read(source);
        }
        catch (ModelFormatException e)
        {
            source.Dispose();
            throw e.In(path);
        }
    }

    /// <summary>Reads what is in the source; an error that names no file gets the source's name.</summary>
    /// <exception cref="ModelFormatException"><paramref name="read"/> threw it.</exception>
    public T Read<T>(Func<ByteSource, T> read)
    {
        try
        {
            return read(this);
        }
        catch (ModelFormatException e) when (Name is not null && e.File is null)
        {
            throw e.In(Name);
        }
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="ModelFormatException">The stream cannot be read, or is longer than 2^31 - 1 bytes.</exception>
    public static ByteSource Read(Stream stream, string? name = null)
    {
        try
        {
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            return new ByteSource(copy.GetBuffer().AsMemory(0, (int)copy.Length), name);
        }
        catch (Exception e) when (e is IOException or NotSupportedException or OutOfMemoryException)
        {
            throw new ModelFormatException("the stream", "a readable stream below 2 GiB", e.Message, name, e);
        }
    }

    /// <summary>A range as a source of its own, over the same mapping. Disposing it does nothing.</summary>
    /// <exception cref="ModelFormatException">The range is not inside the file.</exception>
    public ByteSource Window(long offset, long length, string what = "data")
    {
        Check(offset, length, what);
        return pointer == null
            ? new ByteSource(memory.Slice((int)offset, (int)length), Name)
            : new ByteSource(parent ?? this, pointer + offset, length);
    }

    /// <summary>A range of the bytes, not copied.</summary>
    /// <exception cref="ModelFormatException">The range is not inside the file, or longer than 2^31 - 1 bytes.</exception>
    public ReadOnlyMemory<byte> Slice(long offset, long length, string what = "data")
    {
        Check(offset, length, what);
        if (length > int.MaxValue)
            throw new ModelFormatException($"byte {offset}", $"{what} of at most {int.MaxValue} bytes", $"{length} bytes", Name);
        return pointer == null ? memory.Slice((int)offset, (int)length) : new MappedMemory(parent ?? this, pointer + offset, (int)length).Memory;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        if (view is not null)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file!.Dispose();
        }
    }

    private void Check(long offset, long length, string what)
    {
        ObjectDisposedException.ThrowIf((parent ?? this).disposed, this);
        if (offset < 0 || length < 0 || offset > Length || length > Length - offset)
            throw new ModelFormatException($"byte {offset}", $"{length} bytes of {what}", $"{Math.Max(0, Length - Math.Max(0, offset))} bytes to the end of the file", Name);
    }
}
