namespace ExecuSharp.Conversion;

/// <summary>A file that is there whole or not at all: written under a temporary name in the same folder, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file; makes its folder.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        using var staged = new StagedFiles();
        staged.Write(path, write);
        staged.Commit();
    }
}
