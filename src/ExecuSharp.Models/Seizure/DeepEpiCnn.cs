using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Models.Seizure;

/// <summary>A DeepEpiCnn: signal [batch, 1, length] in g to logits [batch, classes]. Batch normalisation is inside the layers before it.</summary>
internal sealed class DeepEpiCnn(Checkpoint checkpoint, ConvStack stack, DenseHead head) : IDetectedModel
{
    private readonly SeizureConfiguration configuration = new(checkpoint);

    public string Name => "DeepEpiCnn";

    public string Family => "DeepEpiCnn";

    public string Description => $"{stack.Count} convolutions, {stack.Outputs} features, {head.Outputs} classes, " +
        (configuration.Samples("bufferSeconds") is { } samples ? $"input of {samples} samples" : "input length not in the file");

    public BuiltModel Build(ModelBuildOptions? options = null)
    {
        options ??= new ModelBuildOptions();
        int length = configuration.Length(options, stack.MinimumLength, "bufferSeconds");
        var graph = new GraphBuilder("forward");
        var layers = new Layers(graph);
        var signal = graph.Input("signal", TensorSpec.Of(ScalarType.Float, [options.Batch, (int)stack.Inputs, length]));
        var features = layers.MeanOverLength(stack.Add(layers, signal));
        graph.Output(head.Add(layers, features), "logits");
        return new BuiltModel(Name, [new ModelProgram("model", graph.Build())], new ModelManifest
        {
            Name = Name,
            Family = Family,
            Source = checkpoint.Name,
            SourceSha256 = checkpoint.ComputeSha256(),
            Signal = new SignalInput((int)stack.Inputs, length, configuration.SampleRate, "g"),
            Classes = SeizureConfiguration.Classes((int)head.Outputs),
        });
    }
}
