using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Models.Seizure;

/// <summary>A CNN-LSTM: signal [batch, channels, length] in g to logits [batch, classes]; the length is a number of whole windows (one second).</summary>
internal sealed class CnnLstm(Checkpoint checkpoint, WindowExtractor extractor, LstmLayers lstm, DenseHead head) : IDetectedModel
{
    private readonly SeizureConfiguration configuration = new(checkpoint);

    public string Name => "CnnLstm";

    public string Family => "CnnLstm";

    public string Description => $"{extractor.Inputs} channels, {extractor.Features} features a window of {Window} samples, {lstm.Count} LSTM layers of {lstm.Hidden}, {head.Outputs} classes, " +
        (configuration.Samples("lstmWindowSeconds", "bufferSeconds") is { } samples ? $"input of {samples} samples" : "input length not in the file");

    private int Window => configuration.Samples("cnnWindowSeconds") ?? 25;

    public BuiltModel Build(ModelBuildOptions? options = null)
    {
        options ??= new ModelBuildOptions();
        int length = configuration.Length(options, Window, "lstmWindowSeconds", "bufferSeconds");
        if (length % Window != 0 || Window < extractor.MinimumLength)
            throw new ArgumentException($"the input of a CNN-LSTM has whole windows of {Window} samples (at least {extractor.MinimumLength}), {length} are not");
        int batch = options.Batch, channels = (int)extractor.Inputs, steps = length / Window;
        var graph = new GraphBuilder("forward");
        var layers = new Layers(graph);
        var signal = graph.Input("signal", TensorSpec.Of(ScalarType.Float, [batch, channels, length]));
        var windows = batch == 1 && channels == 1
            ? layers.View(signal, steps, 1, Window)
            : layers.View(layers.Permute(layers.View(signal, batch, channels, steps, Window), 2, 0, 1, 3), steps * batch, channels, Window);
        graph.Output(head.Add(layers, lstm.Add(layers, extractor.Add(layers, windows), steps, batch)), "logits");
        return new BuiltModel(Name, [new ModelProgram("model", graph.Build())], new ModelManifest
        {
            Name = Name,
            Family = Family,
            Source = checkpoint.Name,
            SourceSha256 = checkpoint.ComputeSha256(),
            Signal = new SignalInput(channels, length, configuration.SampleRate, "g"),
            Classes = SeizureConfiguration.Classes((int)head.Outputs),
        });
    }
}
