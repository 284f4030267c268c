using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Sources;

namespace ExecuSharp.Cli.Conversions;

/// <summary>The sources of a command line: files, and what folders have of them.</summary>
internal static class SourceList
{
    private static readonly string[] Extensions = [".pt2", ".onnx", ".pt", ".pth", ".ptl", ".jit", ".ckpt", ".bin", ".safetensors", SafeTensorsIndex.Extension];

    /// <summary>All files; each of them gets programs of its own.</summary>
    /// <param name="given">Files and folders.</param>
    /// <param name="output">The folder of the programs, or null for that of each source.</param>
    /// <exception cref="UsageException">Two would make programs of one name.</exception>
    public static List<string> Expand(IEnumerable<string> given, string? output)
    {
        var files = given.SelectMany(g => Directory.Exists(g) ? Inside(g) : [g]).ToList();
        if (files.Count > 1 && output is not null && output.EndsWith(".pte", StringComparison.OrdinalIgnoreCase))
            throw new UsageException("several sources need a folder for --output");
        var twice = files.GroupBy(f => Path.Combine(Path.GetFullPath(output ?? Path.GetDirectoryName(Path.GetFullPath(f))!), FileKinds.Stem(f))).Where(g => g.Count() > 1).ToList();
        return twice.Count == 0 ? files : throw new UsageException("sources whose programs would have one name; convert them apart:" + string.Concat(twice.Select(g => $"\n  {string.Join(", ", g)}: {Path.GetFileName(g.Key)}.pte")));
    }

    private static List<string> Inside(string folder)
    {
        var inside = Directory.EnumerateFiles(folder).Where(IsSource).Order(StringComparer.Ordinal).ToList();
        foreach (string index in inside.Where(f => f.EndsWith(SafeTensorsIndex.Extension, StringComparison.OrdinalIgnoreCase)).ToList())
            inside = [.. inside.Except(SafeTensorsIndex.FilesOf(index).Select(f => Path.Combine(folder, Path.GetFileName(f))))];
        return inside.Count > 0 ? inside : throw new ModelFormatException("the folder", $"files with {string.Join(", ", Extensions)}", "none", folder);
    }

    private static bool IsSource(string file) => Extensions.Any(e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase));
}
