using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Models.Seizure;

/// <summary>The 2022 network: signal [batch, channels, length] to probabilities [batch, classes]. It ends in softmax: an app must not apply another.</summary>
internal sealed class SeizureCnn(Checkpoint checkpoint, int count) : IDetectedModel
{
    private const double KerasEpsilon = 1e-3;
    private const int DeployedLength = 125;

    private readonly SeizureConfiguration configuration = new(checkpoint);

    public string Name => "SeizureCnn";

    public string Family => "SeizureCnn";

    public string Description => $"{count} convolutions, softmax";

    public BuiltModel Build(ModelBuildOptions? options = null)
    {
        options ??= new ModelBuildOptions();
        int channels = (int)checkpoint.Tensors["conv1.weight"].Shape[1];
        int length = configuration.Length(options with { InputLength = options.InputLength ?? configuration.Samples("bufferSeconds") ?? DeployedLength }, 1);
        var graph = new GraphBuilder("forward");
        var layers = new Layers(graph);
        var x = graph.Input("signal", TensorSpec.Of(ScalarType.Float, [options.Batch, channels, length]));
        for (int i = 1; i <= count; i++)
        {
            var (weight, bias) = BatchNormFold.Apply(checkpoint, $"conv{i}", $"bn{i}", KerasEpsilon);
            x = layers.Relu(layers.Convolution(x, weight, bias, [1], [1], $"conv{i}"));
        }
        var last = Weights.Float(checkpoint.Tensors["fc.weight"]);
        x = layers.Linear(layers.MeanOverLength(x), last, Weights.Float(checkpoint.Tensors["fc.bias"]), "fc");
        graph.Output(layers.Softmax(x), "probabilities");
        return new BuiltModel(Name, [new ModelProgram("model", graph.Build())], new ModelManifest
        {
            Name = Name,
            Family = Family,
            Source = checkpoint.Name,
            SourceSha256 = checkpoint.ComputeSha256(),
            Signal = new SignalInput(channels, length, configuration.SampleRate, "g"),
            Classes = SeizureConfiguration.Classes(last.Sizes[0]),
            OutputsProbabilities = true,
        });
    }
}
