namespace ExecuSharp.Tests.Conformance;

/// <summary>The reference folder beside the repository, where it exists.</summary>
public static class SharedFolder
{
    /// <summary>Its path, or null.</summary>
    public static string? Path { get; } = Find();

    /// <summary>A file or folder in it.</summary>
    public static string Get(params string[] parts) =>
        System.IO.Path.Combine([Path ?? throw new InvalidOperationException("the shared folder is not here"), .. parts]);

    /// <summary>The official runtime as a program, or null.</summary>
    public static string? Judge => Path is not null && File.Exists(Get("tools", "judge", "judge")) ? Get("tools", "judge", "judge") : null;

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "ExecuSharp.slnx")))
            {
                string shared = System.IO.Path.Combine(folder.Parent?.FullName ?? folder.FullName, "shared");
                return Directory.Exists(System.IO.Path.Combine(shared, "conformance")) ? shared : null;
            }
        return null;
    }
}
