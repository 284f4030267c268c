using ExecuSharp.Core;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Vision.Embedding;

/// <summary>The files that a manifest names.</summary>
internal static class ManifestFiles
{
    /// <summary>A program's entry.</summary>
    public static ProgramEntry Program(string manifestPath, ModelManifest manifest, string name) =>
        manifest.Find(name) ?? throw new ModelFormatException("programs", $"a {name} program", string.Join(", ", manifest.Programs.Select(p => p.Name)), manifestPath);

    /// <summary>The path of a file beside the manifest.</summary>
    public static string Beside(string manifestPath, string file) => file.Length > 0 && Path.GetFileName(file) == file
        ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(manifestPath))!, file)
        : throw new ModelFormatException("programs", "a file name without folder", file, manifestPath);
}
