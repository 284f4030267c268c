using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;

namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>Trained ONNX models as they are shipped, with realistic inputs: what is wrong with each case, or null.</summary>
public sealed class OnnxRealModels(string folder)
{
    /// <summary>File types from bytes, all recorded cases.</summary>
    public string? Magika(string file)
    {
        byte[] model = Model("magika", "model.onnx");
        using var io = Recorded("magika", file);
        return OnnxModelRunner.Wrong(() => OnnxModelRunner.Compare(OnnxModelRunner.RunOnce(model, [io.GetTensor("bytes")]), [io.GetTensor("target_label")], 1e-3, 1e-4));
    }

    /// <summary>Notes from audio.</summary>
    public string? BasicPitch(string file)
    {
        byte[] model = Model("basic_pitch", "nmp.onnx");
        using var io = Recorded("basic_pitch", file);
        var audio = io.GetTensor("audio");
        var samples = Tensor.Empty(ScalarType.Float, [1, (int)audio.Numel, 1]);
        for (int i = 0; i < audio.Numel; i++)
            samples.Span<float>()[i] = audio.Span<short>()[i] / 32768f;
        return OnnxModelRunner.Wrong(() =>
        {
            // Outputs are told apart by name: the file lists note, onset, contour or another order.
            var results = OnnxModelRunner.RunNamed(model, [samples]);
            return Check(results["StatefulPartitionedCall:1"], io.GetTensor("note"), 1e-2, 1e-3)
                ?? Check(results["StatefulPartitionedCall:2"], io.GetTensor("onset"), 1e-2, 1e-3)
                ?? Check(results["StatefulPartitionedCall:0"], io.GetTensor("contour"), 1e-2, 1e-3);
        });
    }

    /// <summary>Text detection and orientation.</summary>
    public string? PaddleOcr(string file)
    {
        using var io = Recorded("ppocr", file);
        return OnnxModelRunner.Wrong(() =>
        {
            var map = OnnxModelRunner.RunOnce(Model("ppocr", "det.onnx"), [Image(io.GetTensor("det_image"))])[0].AsTensor();
            var expected = io.GetTensor("det_map");
            var wide = Tensor.Empty(ScalarType.Float, expected.Sizes);
            for (int i = 0; i < expected.Numel; i++)
                wide.Span<float>()[i] = (float)expected.Span<Half>()[i];
            return Check(map, wide, 1e-2, 2e-3)
                ?? Check(OnnxModelRunner.RunOnce(Model("ppocr", "cls.onnx"), [Image(io.GetTensor("cls_image"))])[0].AsTensor(), io.GetTensor("cls_prob"), 1e-2, 2e-3);
        });
    }

    /// <summary>Speech over time: chunks one after the other, the state and the end of the chunk before given back. The sampling rate is frozen.</summary>
    public string? SileroVad(string file, int rate)
    {
        using var io = Recorded("silero_vad", file);
        int chunk = rate == 16000 ? 512 : 256, context = chunk / 8;
        var audio = io.GetTensor("audio");
        var expected = io.GetTensor("onnx_prob");
        return OnnxModelRunner.Wrong(() =>
        {
            var run = OnnxModelRunner.Prepare(Model("silero_vad", "silero_vad.onnx"), [("input", Tensor.Empty(ScalarType.Float, [1, chunk + context])), ("state", Tensor.Empty(ScalarType.Float, [2, 1, 128])), ("sr", Tensor.From<long>([rate]))], "sr");
            var state = Tensor.Empty(ScalarType.Float, [2, 1, 128]);
            for (int c = 0; c < expected.Numel; c++)
            {
                var input = Tensor.Empty(ScalarType.Float, [1, chunk + context]);
                for (int i = 0; i < chunk + context; i++)
                    if ((c * chunk) - context + i is >= 0 and var at)
                        input.Span<float>()[i] = audio.Span<short>()[at] / 32768f;
                var results = run([input, state]);
                state = results[1].AsTensor();
                float got = results[0].AsTensor().Span<float>()[0], wanted = expected.Span<float>()[c];
                if (Math.Abs(got - wanted) > 1e-4 + (1e-3 * Math.Abs(wanted)))
                    return $"chunk {c}: {got}, expected {wanted}";
            }
            return null;
        });
    }

    private static string? Check(Tensor got, Tensor expected, double rtol, double atol) => OnnxValues.Compare(got, expected, default, rtol, atol);

    private static Tensor Image(Tensor pixels)
    {
        int h = pixels.Sizes[0], w = pixels.Sizes[1];
        var x = Tensor.Empty(ScalarType.Float, [1, 3, h, w]);
        for (int i = 0; i < h * w; i++)
            for (int c = 0; c < 3; c++)
                x.Span<float>()[(c * h * w) + i] = (pixels.Span<byte>()[(i * 3) + 2 - c] / 127.5f) - 1;
        return x;
    }

    private byte[] Model(string zip, string file) => OnnxModelRunner.Entry(Path.Combine(folder, zip + ".zip"), file);

    private SafeTensorsFile Recorded(string zip, string file) => SafeTensorsFile.Parse(OnnxModelRunner.Entry(Path.Combine(folder, zip + ".zip"), $"io/{file}.safetensors"));
}
