namespace ExecuSharp.Kernels.Quantized;

/// <summary>One column at a time.</summary>
internal readonly unsafe struct Int8DotScalar : IInt8Dot<int>
{
    public static int Count => 1;

    public static bool Bytes => false;

    public static int Load(void* source) => *(int*)source;

    public static void Store(int value, int* target) => *target = value;

    public static int Start(int* start, int* sums, int offset) => *start;

    public static int First(int weights) => weights;

    public static int Second(int weights) => weights;

    public static int Dot(int sums, byte* activations, int first, int second)
    {
        var a = (short*)activations;
        // memory order of a block: 0, 2, 1, 3
        return sums + (a[0] * (sbyte)first) + (a[1] * (sbyte)(first >> 16)) + (a[2] * (sbyte)(first >> 8)) + (a[3] * (first >> 24));
    }
}
