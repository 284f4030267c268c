namespace ExecuSharp.Formats.Pt2;

/// <summary>Tensor layouts, with the numbers of torch/_export/serde/schema.py.</summary>
public enum Pt2Layout
{
    /// <summary>Not known.</summary>
    Unknown = 0,
    /// <summary>Sparse coordinates.</summary>
    SparseCoo = 1,
    /// <summary>Compressed rows.</summary>
    SparseCsr = 2,
    /// <summary>Compressed columns.</summary>
    SparseCsc = 3,
    /// <summary>Compressed rows of blocks.</summary>
    SparseBsr = 4,
    /// <summary>Compressed columns of blocks.</summary>
    SparseBsc = 5,
    /// <summary>oneDNN's own.</summary>
    Mkldnn = 6,
    /// <summary>Dense with strides.</summary>
    Strided = 7,
}
