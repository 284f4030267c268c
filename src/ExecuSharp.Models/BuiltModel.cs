using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Models;

/// <summary>What a checkpoint becomes: its programs, and the manifest that says how to use them.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Programs">Programs; at least one.</param>
/// <param name="Manifest">The manifest; its <see cref="ModelManifest.Programs"/> are filled in when files are written.</param>
public sealed record BuiltModel(string Name, IReadOnlyList<ModelProgram> Programs, ModelManifest Manifest)
{
    /// <summary>The program of this name, or null.</summary>
    public ModelProgram? Find(string name) => Programs.FirstOrDefault(p => p.Name == name);
}
