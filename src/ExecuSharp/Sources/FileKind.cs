namespace ExecuSharp.Sources;

/// <summary>What a file is, by its content.</summary>
public enum FileKind
{
    /// <summary>Nothing known.</summary>
    Unknown,
    /// <summary>ExecuTorch program.</summary>
    Pte,
    /// <summary>ExecuTorch program with test cases.</summary>
    BundledProgram,
    /// <summary>External weights of a program.</summary>
    FlatTensor,
    /// <summary>Profile of a run.</summary>
    EtDump,
    /// <summary>Exported PyTorch program.</summary>
    Pt2,
    /// <summary>TorchScript, or its mobile form.</summary>
    TorchScript,
    /// <summary>PyTorch checkpoint.</summary>
    Checkpoint,
    /// <summary>Safetensors checkpoint.</summary>
    SafeTensors,
    /// <summary>ONNX model.</summary>
    Onnx,
    /// <summary>NumPy array or archive.</summary>
    Numpy,
}
