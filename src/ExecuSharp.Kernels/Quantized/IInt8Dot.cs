namespace ExecuSharp.Kernels.Quantized;

/// <summary>
/// What an 8-bit matrix product needs of an instruction set. A vector of 32-bit sums stands for as many columns; a block is four numbers along
/// the length of the sums.
/// </summary>
internal unsafe interface IInt8Dot<V> where V : struct
{
    /// <summary>Columns in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>True if activations are unsigned bytes, false if they are 16-bit numbers.</summary>
    static abstract bool Bytes { get; }

    /// <summary>Reads sums or the weights of a block.</summary>
    static abstract V Load(void* source);

    /// <summary>Writes sums.</summary>
    static abstract void Store(V value, int* target);

    /// <summary>start - offset * sums.</summary>
    static abstract V Start(int* start, int* sums, int offset);

    /// <summary>The first operand of a block of weights.</summary>
    static abstract V First(V weights);

    /// <summary>The second operand of a block of weights.</summary>
    static abstract V Second(V weights);

    /// <summary>sums + a block of activations times a block of weights, exactly.</summary>
    static abstract V Dot(V sums, byte* activations, V first, V second);
}
