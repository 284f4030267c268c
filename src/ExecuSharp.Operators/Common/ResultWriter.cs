using System.Runtime.InteropServices;
using ExecuSharp.Core;

namespace ExecuSharp.Operators.Common;

/// <summary>
/// Takes the results of an element-wise operator in the output's memory order: straight into the tensor if it has the compute type,
/// else through a buffer with conversion. Truth values are brought to 0 and 1.
/// </summary>
internal readonly ref struct ResultWriter<T> where T : unmanaged
{
    private readonly Tensor output;
    private readonly Span<T> buffer;
    private readonly bool isBool;

    /// <summary>Makes a writer; <typeparamref name="T"/> is byte for the compute type Bool.</summary>
    public ResultWriter(Tensor output, ScalarType compute, Span<T> buffer)
    {
        this.output = output;
        this.buffer = buffer;
        isBool = compute == ScalarType.Bool;
        IsDirect = output.Type == compute;
    }

    /// <summary>Results go straight into the tensor, in runs of any length.</summary>
    public bool IsDirect { get; }

    /// <summary>At most this many of <paramref name="count"/> results may be put at once.</summary>
    public int Limit(int count) => IsDirect ? count : Math.Min(count, buffer.Length);

    /// <summary>Where to put the results from <paramref name="start"/> on.</summary>
    public Span<T> Target(long start, int count) =>
        IsDirect ? MemoryMarshal.Cast<byte, T>(output.Bytes).Slice((int)start, count) : buffer[..count];

    /// <summary>The results are in the target.</summary>
    public void Done(long start, Span<T> target)
    {
        if (isBool)
        {
            var bytes = MemoryMarshal.AsBytes(target);
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = bytes[i] != 0 ? (byte)1 : (byte)0;
            if (!IsDirect)
                ElementBlocks.Store<bool>(ElementBlocks.AsBools(bytes), output, start);
        }
        else if (!IsDirect)
        {
            ElementBlocks.Store<T>(target, output, start);
        }
    }
}
