namespace ExecuSharp.Formats.Onnx;

/// <summary>Kinds of attributes with the numbers of <c>AttributeProto.AttributeType</c>.</summary>
public enum AttributeType
{
    /// <summary>Not given (IR version 1).</summary>
    Undefined = 0,
    /// <summary>Float.</summary>
    Float = 1,
    /// <summary>Integer.</summary>
    Int = 2,
    /// <summary>Text.</summary>
    String = 3,
    /// <summary>Tensor.</summary>
    Tensor = 4,
    /// <summary>Graph.</summary>
    Graph = 5,
    /// <summary>Floats.</summary>
    Floats = 6,
    /// <summary>Integers.</summary>
    Ints = 7,
    /// <summary>Texts.</summary>
    Strings = 8,
    /// <summary>Tensors.</summary>
    Tensors = 9,
    /// <summary>Graphs.</summary>
    Graphs = 10,
    /// <summary>Sparse tensor.</summary>
    SparseTensor = 11,
    /// <summary>Sparse tensors.</summary>
    SparseTensors = 12,
    /// <summary>Type.</summary>
    TypeProto = 13,
    /// <summary>Types.</summary>
    TypeProtos = 14,
}
