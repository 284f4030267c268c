using ExecuSharp.Core;

namespace ExecuSharp.Vision.Classification;

/// <summary>Finds picture files.</summary>
public static class PictureFiles
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".pgm", ".pbm", ".pnm"];

    /// <summary>Files as they are, and every picture below the folders, by path.</summary>
    /// <exception cref="ModelFormatException">A folder holds no picture.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> paths)
    {
        var files = new List<string>();
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
                files.AddRange(Below(path));
            else
                files.Add(path);
        }
        return files;
    }

    /// <summary>The pictures of a folder that has a folder for each class; the folders' names are the labels.</summary>
    /// <exception cref="ModelFormatException">The folder is missing, has no folders, or one of them holds no picture.</exception>
    public static IReadOnlyList<(string Label, string Path)> ByClass(string folder)
    {
        string[] classes = Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)] : [];
        return classes.Length > 0
            ? [.. classes.SelectMany(c => Below(c).Select(p => (Path.GetFileName(c), p)))]
            : throw new ModelFormatException("the folder", "a folder of pictures for each class", Directory.Exists(folder) ? "no folders" : "none", folder);
    }

    private static List<string> Below(string folder)
    {
        var found = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Extensions.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal).ToList();
        return found.Count > 0 ? found : throw new ModelFormatException("the folder", $"pictures ({string.Join(", ", Extensions)})", "none", folder);
    }
}
