using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExecuSharp.Kernels.Layout;

/// <summary>
/// Moves elements of a dense tensor into another order of dimensions. Dimensions of size 1 vanish and neighbours that stay neighbours are merged
/// once, so that most permutations become a transposition of matrices or a copy of rows.
/// </summary>
public sealed unsafe class Permutation
{
    private const int MostRank = 8;
    private readonly int[] sizes = new int[MostRank];
    private readonly nint[] strides = new nint[MostRank];
    private int rank;
    private int elementSize;

    /// <summary>Number of parts that <see cref="Run"/> may be split into.</summary>
    public int Parts { get; private set; }

    /// <summary>Prepares for sizes.</summary>
    /// <param name="inputSizes">Sizes of the input.</param>
    /// <param name="order">For each output dimension the input dimension.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    public void Prepare(ReadOnlySpan<int> inputSizes, ReadOnlySpan<int> order, int elementBytes)
    {
        elementSize = elementBytes;
        Span<nint> inputStrides = stackalloc nint[MostRank];
        nint stride = 1;
        for (int d = inputSizes.Length - 1; d >= 0; d--)
        {
            inputStrides[d] = stride;
            stride *= inputSizes[d];
        }
        rank = 0;
        foreach (int d in order)
        {
            if (inputSizes[d] == 1)
                continue;
            if (rank > 0 && strides[rank - 1] == inputStrides[d] * inputSizes[d])
            {
                sizes[rank - 1] *= inputSizes[d];
                strides[rank - 1] = inputStrides[d];
                continue;
            }
            sizes[rank] = inputSizes[d];
            strides[rank++] = inputStrides[d];
        }
        if (rank == 0)
            (sizes[0], strides[0], rank) = (1, 1, 1);
        Parts = rank == 1 ? 1 : sizes[0];
        for (int d = 0; d < inputSizes.Length; d++)
            if (inputSizes[d] == 0)
                Parts = 0;
    }

    /// <summary>Moves the parts from <paramref name="part"/> to <paramref name="partEnd"/>.</summary>
    public void Run(byte* input, byte* output, int part, int partEnd)
    {
        if (Parts == 0)
            return;
        if (rank == 1)
        {
            Line(input, output, sizes[0], strides[0]);
            return;
        }
        nint block = 1;
        for (int d = 1; d < rank; d++)
            block *= sizes[d];
        if (rank == 2)
        {
            Matrix(input + (part * strides[0] * elementSize), output + (part * block * elementSize), partEnd - part, sizes[1], strides[0], strides[1], block);
            return;
        }
        for (int p = part; p < partEnd; p++)
            Nested(1, input + (p * strides[0] * elementSize), output + (p * block * elementSize), block);
    }

    private void Nested(int d, byte* input, byte* output, nint block)
    {
        if (d == rank - 2)
        {
            Matrix(input, output, sizes[d], sizes[d + 1], strides[d], strides[d + 1], sizes[d + 1]);
            return;
        }
        block /= sizes[d];
        for (int i = 0; i < sizes[d]; i++)
            Nested(d + 1, input + (i * strides[d] * elementSize), output + (i * block * elementSize), block);
    }

    private void Matrix(byte* input, byte* output, int rows, int columns, nint rowStride, nint columnStride, nint outputStride)
    {
        if (columnStride == 1 || rowStride != 1)
        {
            for (int r = 0; r < rows; r++)
                Line(input + (r * rowStride * elementSize), output + (r * outputStride * elementSize), columns, columnStride);
            return;
        }
        if (columns < 4)
        {
            if (columns == 3 && outputStride == 3 && elementSize == 4)
                Interleave3((uint*)input, (uint*)output, rows, columnStride);
            else if (columns == 3 && outputStride == 3 && elementSize == 1)
                Interleave3(input, output, rows, columnStride);
            else
                for (int c = 0; c < columns; c++)
                    Rows.Copy(input + (c * columnStride * elementSize), elementSize, output + (c * elementSize), outputStride * elementSize, elementSize, rows);
            return;
        }
        switch (elementSize)
        {
            case 1: Transpose((byte*)input, output, rows, columns, columnStride, outputStride); break;
            case 2: Transpose((ushort*)input, (ushort*)output, rows, columns, columnStride, outputStride); break;
            default: Transpose4((float*)input, (float*)output, rows, columns, columnStride, outputStride); break;
        }
    }

    private void Line(byte* input, byte* output, int count, nint stride)
    {
        if (stride == 1)
            Buffer.MemoryCopy(input, output, (long)count * elementSize, (long)count * elementSize);
        else
            Rows.Copy(input, stride * elementSize, output, elementSize, elementSize, count);
    }

    // Three planes to pixels, the layout change in front of a first convolution.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Interleave3<T>(T* input, T* output, int count, nint plane) where T : unmanaged
    {
        T* second = input + plane, third = second + plane;
        for (nint i = 0; i < count; i++, output += 3)
        {
            T a = input[i], b = second[i], c = third[i];
            output[0] = a;
            output[1] = b;
            output[2] = c;
        }
    }

    // output[r, c] = input[r + c * stride], in squares that stay in the first cache
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(T* input, T* output, int rows, int columns, nint stride, nint outputStride) where T : unmanaged
    {
        const int Square = 32;
        for (int r0 = 0; r0 < rows; r0 += Square)
            for (int c0 = 0; c0 < columns; c0 += Square)
            {
                int rEnd = Math.Min(rows, r0 + Square), cEnd = Math.Min(columns, c0 + Square);
                for (int r = r0; r < rEnd; r++)
                    for (int c = c0; c < cEnd; c++)
                        output[(r * outputStride) + c] = input[r + (c * stride)];
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose4(float* input, float* output, int rows, int columns, nint stride, nint outputStride)
    {
        int wholeRows = rows & ~3, wholeColumns = Vector128.IsHardwareAccelerated ? columns & ~3 : 0;
        const int Square = 16;
        for (int r0 = 0; r0 < wholeRows; r0 += Square)
            for (int c = 0; c < wholeColumns; c += 4)
                for (int r = r0; r < Math.Min(wholeRows, r0 + Square); r += 4)
                    Square4(input + r + (c * stride), output + (r * outputStride) + c, stride, outputStride);
        for (int r = 0; r < rows; r++)
            for (int c = r < wholeRows ? wholeColumns : 0; c < columns; c++)
                output[(r * outputStride) + c] = input[r + (c * stride)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square4(float* input, float* output, nint stride, nint outputStride)
    {
        var a = Vector128.Load(input);
        var b = Vector128.Load(input + stride);
        var c = Vector128.Load(input + (2 * stride));
        var d = Vector128.Load(input + (3 * stride));
        // a0 b0 a1 b1 … by interleaving, then pairs
        var ab = Low(a, b);
        var cd = Low(c, d);
        var ab2 = High(a, b);
        var cd2 = High(c, d);
        Vector128.Create(ab.GetLower(), cd.GetLower()).Store(output);
        Vector128.Create(ab.GetUpper(), cd.GetUpper()).Store(output + outputStride);
        Vector128.Create(ab2.GetLower(), cd2.GetLower()).Store(output + (2 * outputStride));
        Vector128.Create(ab2.GetUpper(), cd2.GetUpper()).Store(output + (3 * outputStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported ? System.Runtime.Intrinsics.X86.Sse.UnpackLow(a, b)
        : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported ? System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported ? System.Runtime.Intrinsics.X86.Sse.UnpackHigh(a, b)
        : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported ? System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
