using System.Globalization;

namespace ExecuSharp.Conversion;

/// <summary>
/// Files that are there whole or not at all, all of them together: written under temporary names in their folders, and renamed by
/// <see cref="Commit"/>. Without it they are deleted.
/// </summary>
public sealed class StagedFiles : IDisposable
{
    private readonly List<(string Temporary, string Final)> files = [];

    /// <summary>Writes a file under a temporary name; makes its folder.</summary>
    /// <returns>The temporary name.</returns>
    public string Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string temporary = full + "." + Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + ".tmp";
        files.Add((temporary, full));
        using var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write);
        write(stream);
        return temporary;
    }

    /// <summary>Gives all files their names; existing ones are replaced.</summary>
    public void Commit()
    {
        foreach (var (temporary, final) in files)
            File.Move(temporary, final, overwrite: true);
        files.Clear();
    }

    /// <summary>Deletes what was not committed.</summary>
    public void Dispose()
    {
        foreach (var (temporary, _) in files)
            File.Delete(temporary);
    }
}
