using ExecuSharp.Core;

namespace ExecuSharp.Models;

/// <summary>A checkpoint whose architecture and sizes are known, and whose tensors were checked.</summary>
public interface IDetectedModel
{
    /// <summary>Published name, or the name in the configuration, or one made from the sizes.</summary>
    string Name { get; }

    /// <summary>The architecture's family: <c>PerceptionEncoder</c>, <c>DeepEpiCnn</c>, <c>CnnLstm</c>.</summary>
    string Family { get; }

    /// <summary>The sizes in one line.</summary>
    string Description { get; }

    /// <summary>Makes the graphs. The checkpoint must stay open until they are written.</summary>
    /// <exception cref="ArgumentException">An option does not fit the model, or one is needed that the checkpoint does not say.</exception>
    /// <exception cref="UnsupportedModelException">An operator is missing.</exception>
    BuiltModel Build(ModelBuildOptions? options = null);
}
