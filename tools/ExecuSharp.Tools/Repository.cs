namespace ExecuSharp.Tools;

/// <summary>The files of the repository that the tools read and write.</summary>
public static class Repository
{
    /// <summary>The folder with the solution file, above the program.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file of the repository.</summary>
    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "ExecuSharp.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException("the repository of ExecuSharp.slnx");
    }
}
