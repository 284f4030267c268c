using System.Numerics;

namespace ExecuSharp.Operators.Sampling;

/// <summary>Reads a plane between its elements. Coordinates are in [-1, 1] over the plane (PyTorch's GridSampler).</summary>
internal readonly struct GridSampler<T>(int height, int width, GridInterpolation interpolation, GridPadding padding, bool align) where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly T Two = T.One + T.One;

    /// <summary>The value at a point.</summary>
    public T At(ReadOnlySpan<T> plane, T x, T y) => interpolation switch
    {
        GridInterpolation.Bilinear => Bilinear(plane, Source(x, width), Source(y, height)),
        GridInterpolation.Nearest => Nearest(plane, Source(x, width), Source(y, height)),
        _ => Bicubic(plane, Unnormalized(x, width), Unnormalized(y, height)),
    };

    private T Bilinear(ReadOnlySpan<T> plane, T x, T y)
    {
        T x0 = T.Floor(x), y0 = T.Floor(y);
        T right = x - x0, bottom = y - y0, left = (x0 + T.One) - x, top = (y0 + T.One) - y;
        int column = Place(x0), row = Place(y0);
        return (Pixel(plane, row, column) * (left * top)) + (Pixel(plane, row, column + 1) * (right * top))
            + (Pixel(plane, row + 1, column) * (left * bottom)) + (Pixel(plane, row + 1, column + 1) * (right * bottom));
    }

    private T Nearest(ReadOnlySpan<T> plane, T x, T y) => Pixel(plane, Place(T.Round(y, MidpointRounding.ToEven)), Place(T.Round(x, MidpointRounding.ToEven)));

    private T Bicubic(ReadOnlySpan<T> plane, T x, T y)
    {
        T x0 = T.Floor(x), y0 = T.Floor(y);
        Span<T> across = stackalloc T[4], down = stackalloc T[4];
        Cubic(x - x0, across);
        Cubic(y - y0, down);
        int column = Place(x0), row = Place(y0);
        T sum = T.Zero;
        for (int i = 0; i < 4; i++)
        {
            T line = T.Zero;
            for (int j = 0; j < 4; j++)
                line += CubicPixel(plane, row - 1 + i, column - 1 + j) * across[j];
            sum += line * down[i];
        }
        return sum;
    }

    // Cubic convolution with a = -0.75.
    private static void Cubic(T t, Span<T> weights)
    {
        T a = T.CreateTruncating(-0.75), five = T.CreateTruncating(5), eight = T.CreateTruncating(8), four = T.CreateTruncating(4), three = T.CreateTruncating(3);
        T Far(T x) => (((((a * x) - (five * a)) * x) + (eight * a)) * x) - (four * a);
        T Near(T x) => (((((a + Two) * x) - (a + three)) * x) * x) + T.One;
        weights[0] = Far(t + T.One);
        weights[1] = Near(t);
        weights[2] = Near(T.One - t);
        weights[3] = Far((T.One - t) + T.One);
    }

    private T Pixel(ReadOnlySpan<T> plane, int row, int column)
    {
        if ((uint)row >= (uint)height || (uint)column >= (uint)width)
        {
            if (padding == GridPadding.Zeros)
                return T.Zero;
            row = Math.Clamp(row, 0, height - 1);
            column = Math.Clamp(column, 0, width - 1);
        }
        return plane[(row * width) + column];
    }

    private T CubicPixel(ReadOnlySpan<T> plane, int row, int column) => padding == GridPadding.Reflection
        ? plane[(Place(Clipped(Reflected(T.CreateTruncating(row), height), height)) * width) + Place(Clipped(Reflected(T.CreateTruncating(column), width), width))]
        : Pixel(plane, row, column);

    private T Source(T coordinate, int size)
    {
        var place = Unnormalized(coordinate, size);
        return padding switch
        {
            GridPadding.Border => Clipped(place, size),
            GridPadding.Reflection => Clipped(Reflected(place, size), size),
            _ => place,
        };
    }

    private T Unnormalized(T coordinate, int size)
    {
        T n = T.CreateTruncating(size);
        return align ? (coordinate + T.One) / Two * (n - T.One) : (((coordinate + T.One) * n) - T.One) / Two;
    }

    private static T Clipped(T place, int size)
    {
        T low = place > T.Zero ? place : T.Zero, most = T.CreateTruncating(size - 1);
        return low < most ? low : most;
    }

    private T Reflected(T place, int size)
    {
        int twiceLow = align ? 0 : -1, twiceHigh = align ? 2 * (size - 1) : (2 * size) - 1;
        if (twiceLow == twiceHigh)
            return T.Zero;
        T low = T.CreateTruncating(twiceLow) / Two, span = T.CreateTruncating(twiceHigh - twiceLow) / Two;
        place = T.Abs(place - low);
        T extra = T.Ieee754Remainder(place, span);
        if (extra < T.Zero)
            extra += span;
        return int.CreateSaturating(T.Floor(place / span)) % 2 == 0 ? extra + low : span - extra + low;
    }

    // Far outside every plane, and still safe to add to.
    private static int Place(T value) => Math.Clamp(int.CreateSaturating(value), -(1 << 30), 1 << 30);
}
