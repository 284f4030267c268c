namespace ExecuSharp.Kernels;

internal static class GemmShape
{
    public static void Check(int length, int rows, int columns, int stride, string name)
    {
        if (rows < 0 || columns < 0 || stride < columns)
            throw new ArgumentException($"{rows} rows of {columns} columns with a distance of {stride}", name);
        if (rows > 0 && columns > 0 && length < ((long)(rows - 1) * stride) + columns)
            throw new ArgumentException($"{length} numbers for {rows} rows of {columns} columns with a distance of {stride}", name);
    }
}
