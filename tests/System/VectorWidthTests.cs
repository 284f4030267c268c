using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Tests.System;

/// <summary>A forced vector width reaches the kernels of the tool.</summary>
public sealed class VectorWidthTests
{
    [Fact]
    public void Every_width_is_shown_and_gives_the_recorded_outputs()
    {
        foreach (var width in SimdWidths.Available)
        {
            string setting = width == SimdWidth.Scalar ? "scalar" : $"{(int)width}";
            Assert.Contains($"{(int)width} bits{(width == SimdWidths.Best ? "," : " (forced by EXECUSHARP_VECTOR_WIDTH)")}", Tool.RunAtWidth(setting, "doctor").Output, StringComparison.Ordinal);
            Assert.Equal(0, Tool.RunAtWidth(setting, "verify", Path.Combine(Tool.Samples, "vision_xnnpack.bpte")).Code);
        }
    }

    [Fact]
    public void No_width_is_a_wrong_command_line()
    {
        var (code, _, error) = Tool.RunAtWidth("64", "doctor");
        Assert.Equal(2, code);
        Assert.Contains("scalar, 128, 256 or 512 expected, \"64\" found", error, StringComparison.Ordinal);
    }
}
