using ExecuSharp.Core;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Models.Seizure;

/// <summary>CNN-LSTM: a small convolutional extractor for each second, a two-layer LSTM over the seconds, a dense head.</summary>
public sealed class CnnLstmFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => "CnnLstm";

    /// <inheritdoc/>
    public IReadOnlyList<ArchitectureInfo> Published { get; } =
        [new("CnnLstm", "CnnLstm", "seizure detection from a wrist accelerometer", "signal 1x750 or 3x750 (whole seconds)", "logits 2", 281_378, 281_378, 13_100_000, null)];

    /// <inheritdoc/>
    public IDetectedModel? Detect(Checkpoint checkpoint, string? name = null)
    {
        bool Any(string prefix) => checkpoint.Names.Any(n => n.StartsWith(prefix, StringComparison.Ordinal));
        if (!Any("cnn_extractor.") || !Any("lstm."))
            return null;
        var check = new KeyCheck(checkpoint, "a CNN-LSTM");
        var extractor = new WindowExtractor(checkpoint);
        extractor.Require(check);
        var lstm = new LstmLayers(checkpoint, extractor.Features);
        lstm.Require(check);
        var head = new DenseHead(checkpoint, lstm.Hidden, defaultCount: 3);
        head.Require(check);
        check.Finish();
        return new CnnLstm(checkpoint, extractor, lstm, head);
    }
}
