namespace ExecuSharp.Import.Onnx;

/// <summary>How one axis is resized: for each output, which inputs with which weights (operator Resize of the ONNX standard).</summary>
/// <param name="Input">Input size.</param>
/// <param name="Output">Output size.</param>
/// <param name="Scale">Output divided by input, not rounded.</param>
internal sealed record ResizeAxis(int Input, int Output, double Scale)
{
    public string Mode { get; init; } = "nearest";
    public string Coordinates { get; init; } = "half_pixel";
    public string Nearest { get; init; } = "round_prefer_floor";
    public double CubicCoefficient { get; init; } = -0.75;
    public bool ExcludeOutside { get; init; }
    public bool Antialias { get; init; }
    public double RoiStart { get; init; }
    public double RoiEnd { get; init; } = 1;

    private bool Crops => Coordinates == "tf_crop_and_resize";

    public bool IsIdentity => Input == Output && Scale == 1 && !(Crops && (RoiStart != 0 || RoiEnd != 1));

    public bool IsChoice => Mode == "nearest" || IsIdentity;

    /// <summary>The runtime's nearest resize, which takes floor(i * input / output), chooses the same elements.</summary>
    public bool IsRuntimeNearest => Mode == "nearest" && !Crops && Choice().Select((c, i) => c == (long)Math.Floor(i * ((float)Input / Output))).All(same => same);

    /// <summary>The runtime's bilinear resize weighs the same.</summary>
    public bool IsRuntimeLinear => Mode == "linear" && !Antialias && !ExcludeOutside && Math.Abs((Scale * Input) - Output) < 1e-9
        && (Coordinates is "half_pixel" or "half_pixel_symmetric" or "align_corners" || (Coordinates == "pytorch_half_pixel" && Output > 1));

    /// <summary>The input of each output, for nearest.</summary>
    public long[] Choice() => [.. Enumerable.Range(0, Output).Select(i =>
    {
        double x = Source(i), floor = Math.Floor(x), rest = x - floor;
        bool up = rest > 0 && Nearest switch
        {
            "floor" => false,
            "ceil" => true,
            "round_prefer_ceil" => rest >= 0.5,
            _ => rest > 0.5,
        };
        return (long)Math.Clamp(IsIdentity ? i : floor + (up ? 1 : 0), 0, Input - 1);
    })];

    /// <summary>Weights [input, output].</summary>
    public float[] Weights()
    {
        var weights = new float[(long)Input * Output];
        for (int o = 0; o < Output; o++)
        {
            double x = Source(o), ceil = Math.Ceiling(x), ratio = x == ceil ? 1 : x - Math.Floor(x);
            double[] coefficients = Mode == "cubic" ? Cubic(ratio) : Linear(ratio);
            int first = (int)Math.Clamp(ceil, int.MinValue / 2, int.MaxValue / 2) - (coefficients.Length / 2);
            double sum = 0;
            for (int k = 0; k < coefficients.Length; k++)
            {
                if (ExcludeOutside && (first + k < 0 || first + k >= Input))
                    coefficients[k] = 0;
                sum += coefficients[k];
            }
            for (int k = 0; k < coefficients.Length; k++)
                weights[((long)Math.Clamp(first + k, 0, Input - 1) * Output) + o] += (float)(ExcludeOutside ? coefficients[k] / sum : coefficients[k]);
        }
        return weights;
    }

    /// <summary>For tf_crop_and_resize: which outputs lie outside the input; null if none.</summary>
    public bool[]? Outside()
    {
        if (!Crops)
            return null;
        var flags = Enumerable.Range(0, Output).Select(i => Source(i) is var x && (x < 0 || x > Input - 1)).ToArray();
        return flags.Contains(true) ? flags : null;
    }

    private double Source(int i)
    {
        // In single precision, as ONNX Runtime computes: it decides which way exact halves go.
        float scale = (float)Scale;
        double full = Scale * Input;
        return Coordinates switch
        {
            "align_corners" => Output == 1 ? 0 : (float)i * (Input - 1) / (Output - 1),
            "asymmetric" => i / scale,
            "pytorch_half_pixel" => Output == 1 ? -0.5 : ((i + 0.5f) / scale) - 0.5f,
            "half_pixel_symmetric" => (Input / 2.0 * (1 - (Output / full))) + ((i + 0.5) / Scale) - 0.5,
            "tf_half_pixel_for_nn" => (i + 0.5f) / scale,
            "tf_crop_and_resize" => (RoiStart * (Input - 1)) + (full == 1 ? (RoiEnd - RoiStart) * (Input - 1) / 2 : i * (RoiEnd - RoiStart) * (Input - 1) / (full - 1)),
            "half_pixel" => ((i + 0.5f) / scale) - 0.5f,
            _ => throw new OnnxUnsupportedException($"coordinate_transformation_mode {Coordinates}"),
        };
    }

    private double[] Linear(double ratio)
    {
        if (!Antialias)
            return [1 - ratio, ratio];
        double scale = Math.Min(Scale, 1);
        int start = (int)Math.Floor(-1 / scale) + 1;
        return Normalize([.. Enumerable.Range(start, 2 - (2 * start)).Select(i => Math.Clamp(1 - Math.Abs((i - ratio) * scale), 0, 1))]);
    }

    private double[] Cubic(double ratio)
    {
        if (!Antialias)
            return [Kernel(ratio + 1), Kernel(ratio), Kernel(1 - ratio), Kernel(2 - ratio)];
        double scale = Math.Min(Scale, 1);
        int start = (int)Math.Floor(-2 / scale) + 1;
        return Normalize([.. Enumerable.Range(start, 2 - (2 * start)).Select(i => Kernel(Math.Abs(scale * (i - ratio))))]);
    }

    private static double[] Normalize(double[] c)
    {
        double sum = c.Sum();
        return Array.ConvertAll(c, v => v / sum);
    }

    private double Kernel(double x)
    {
        double a = CubicCoefficient;
        return x <= 1 ? ((((a + 2) * x) - (a + 3)) * x * x) + 1 : x < 2 ? (((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a) : 0;
    }
}
