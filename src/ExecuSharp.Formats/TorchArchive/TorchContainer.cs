namespace ExecuSharp.Formats.TorchArchive;

/// <summary>The file forms of <c>torch.save</c>.</summary>
public enum TorchContainer
{
    /// <summary>A ZIP archive (PyTorch 1.6 and later).</summary>
    Zip,
    /// <summary>Five pickles, then raw storages (before 1.6).</summary>
    Legacy,
    /// <summary>One plain pickle of protocol 2 or later, without tensors of PyTorch.</summary>
    Pickle,
}
