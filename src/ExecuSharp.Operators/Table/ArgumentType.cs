namespace ExecuSharp.Operators.Table;

/// <summary>The type of a schema argument.</summary>
public enum ArgumentType : byte
{
    /// <summary>Tensor.</summary>
    Tensor,
    /// <summary>Tensor[].</summary>
    TensorList,
    /// <summary>Tensor?[].</summary>
    OptionalTensorList,
    /// <summary>int or SymInt.</summary>
    Int,
    /// <summary>int[] or SymInt[].</summary>
    IntList,
    /// <summary>float.</summary>
    Double,
    /// <summary>float[].</summary>
    DoubleList,
    /// <summary>bool.</summary>
    Bool,
    /// <summary>bool[].</summary>
    BoolList,
    /// <summary>str.</summary>
    String,
    /// <summary>Scalar: int, float or bool.</summary>
    Scalar,
    /// <summary>ScalarType.</summary>
    ScalarType,
    /// <summary>Layout.</summary>
    Layout,
    /// <summary>Device.</summary>
    Device,
    /// <summary>MemoryFormat.</summary>
    MemoryFormat,
    /// <summary>A sub-graph of a control-flow operator.</summary>
    Graph,
}
