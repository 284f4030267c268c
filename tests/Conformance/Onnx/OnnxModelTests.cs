namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>Whole ONNX models: those of the model set in both exporters' forms, and trained ones from packages.</summary>
public sealed class OnnxModelTests
{
    /// <summary>Every ONNX file of the model set gives PyTorch's outputs for all recorded sizes.</summary>
    [SharedFact]
    public void ModelsMatchPyTorch()
    {
        var wrong = new List<string>();
        int count = 0;
        foreach (string folder in Directory.GetDirectories(SharedFolder.Get("conformance", "models")).Order(StringComparer.Ordinal))
            foreach (string file in (string[])["model.onnx", "model-ts.onnx"])
                if (File.Exists(Path.Combine(folder, file)))
                {
                    count++;
                    if (OnnxModelRunner.Run(folder, file) is { } message)
                        wrong.Add($"{Path.GetFileName(folder)}/{file}: {message}");
                }
        Assert.True(count >= 60, $"{count} files");
        Assert.Empty(wrong);
    }

    /// <summary>Trained models with realistic inputs.</summary>
    [SharedFact]
    public void TrainedModelsMatch()
    {
        var models = new OnnxRealModels(SharedFolder.Get("conformance", "real-models"));
        string?[] wrong =
        [
            .. ((string[])["csharp", "json", "zip"]).Select(f => models.Magika(f)),
            .. ((string[])["chord", "two_voices"]).Select(f => models.BasicPitch(f)),
            .. ((string[])["light_on_dark", "turned_180"]).Select(f => models.PaddleOcr(f)),
            models.SileroVad("noise_16k", 16000), models.SileroVad("numbers_8k", 8000),
        ];
        Assert.All(wrong, Assert.Null);
    }
}
