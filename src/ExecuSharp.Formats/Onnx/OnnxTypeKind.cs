namespace ExecuSharp.Formats.Onnx;

/// <summary>Kinds of values.</summary>
public enum OnnxTypeKind
{
    /// <summary>Not given.</summary>
    Unknown,
    /// <summary>Tensor.</summary>
    Tensor,
    /// <summary>Sequence.</summary>
    Sequence,
    /// <summary>Map.</summary>
    Map,
    /// <summary>A value or nothing.</summary>
    Optional,
    /// <summary>Sparse tensor.</summary>
    SparseTensor,
}
