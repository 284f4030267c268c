namespace ExecuSharp.Import.Functional;

/// <summary>How a view relates to what it was taken from.</summary>
internal enum ViewKind : byte
{
    /// <summary>No view: a tensor of its own.</summary>
    None,
    /// <summary>The same elements in the same order.</summary>
    Reshape,
    /// <summary>The same elements with dimensions reordered.</summary>
    Permute,
    /// <summary>A range with steps.</summary>
    Slice,
    /// <summary>A range given by start and length.</summary>
    Narrow,
    /// <summary>One index of a dimension.</summary>
    Select,
    /// <summary>One of several consecutive ranges.</summary>
    Parts,
    /// <summary>One of all indices of a dimension.</summary>
    Unbind,
    /// <summary>A diagonal.</summary>
    Diagonal,
    /// <summary>Elements repeated without memory.</summary>
    Expand,
    /// <summary>Another view, which can only be read.</summary>
    Other,
}
