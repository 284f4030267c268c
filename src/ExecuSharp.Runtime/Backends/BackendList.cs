namespace ExecuSharp.Runtime.Backends;

/// <summary>The backends of this assembly.</summary>
internal static class BackendList
{
    public static IReadOnlyList<IBackend> Default { get; } = [new XnnPack.XnnPackBackend()];
}
