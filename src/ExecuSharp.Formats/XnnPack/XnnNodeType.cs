namespace ExecuSharp.Formats.XnnPack;

/// <summary>The members of XNodeUnion of schema 1.5.</summary>
public enum XnnNodeType : byte
{
    /// <summary>No node.</summary>
    None = 0,
    /// <summary>input1 + input2.</summary>
    Add = 1,
    /// <summary>input filter^T + bias.</summary>
    FullyConnected = 2,
    /// <summary>Softmax over the last dimension.</summary>
    Softmax = 3,
    /// <summary>Sigmoid.</summary>
    Sigmoid = 4,
    /// <summary>Permutes dimensions.</summary>
    StaticTranspose = 5,
    /// <summary>Clamp.</summary>
    Clamp = 6,
    /// <summary>Conv2d.</summary>
    Conv2d = 7,
    /// <summary>Div.</summary>
    Div = 8,
    /// <summary>StaticResizeBilinear2D.</summary>
    StaticResizeBilinear2D = 9,
    /// <summary>StaticConstantPad.</summary>
    StaticConstantPad = 10,
    /// <summary>AvgPooling2d.</summary>
    AvgPooling2d = 11,
    /// <summary>Minimum.</summary>
    Minimum = 12,
    /// <summary>DepthwiseConv2d.</summary>
    DepthwiseConv2d = 13,
    /// <summary>MaxPooling2d.</summary>
    MaxPooling2d = 14,
    /// <summary>Multiply.</summary>
    Multiply = 15,
    /// <summary>Subtract.</summary>
    Subtract = 16,
    /// <summary>Floor.</summary>
    Floor = 17,
    /// <summary>Changes the element type.</summary>
    Convert = 18,
    /// <summary>GlobalAvgPooling2d.</summary>
    GlobalAvgPooling2d = 19,
    /// <summary>StaticReshape.</summary>
    StaticReshape = 20,
    /// <summary>ArgMaxPooling2d.</summary>
    ArgMaxPooling2d = 21,
    /// <summary>SquareRoot.</summary>
    SquareRoot = 22,
    /// <summary>Ceiling.</summary>
    Ceiling = 23,
    /// <summary>Hardswish.</summary>
    Hardswish = 24,
    /// <summary>LeakyReLU.</summary>
    LeakyReLU = 25,
    /// <summary>Maximum.</summary>
    Maximum = 26,
    /// <summary>Negate.</summary>
    Negate = 27,
    /// <summary>Square.</summary>
    Square = 28,
    /// <summary>ELU.</summary>
    ELU = 29,
    /// <summary>Abs.</summary>
    Abs = 30,
    /// <summary>PReLU.</summary>
    PReLU = 31,
    /// <summary>Concatenate2.</summary>
    Concatenate2 = 32,
    /// <summary>Concatenate3.</summary>
    Concatenate3 = 33,
    /// <summary>Concatenate4.</summary>
    Concatenate4 = 34,
    /// <summary>StaticSlice.</summary>
    StaticSlice = 35,
    /// <summary>No runtime executes it.</summary>
    ScaledDotProductAttention = 36,
    /// <summary>BatchMatrixMultiply.</summary>
    BatchMatrixMultiply = 37,
    /// <summary>Concatenate5.</summary>
    Concatenate5 = 38,
    /// <summary>ConvTranspose2d.</summary>
    ConvTranspose2d = 39,
    /// <summary>ReciprocalSquareRoot.</summary>
    ReciprocalSquareRoot = 40,
    /// <summary>Log.</summary>
    Log = 41,
    /// <summary>The erf form.</summary>
    Gelu = 42,
    /// <summary>Tanh.</summary>
    Tanh = 43,
    /// <summary>Exp.</summary>
    Exp = 44,
    /// <summary>Sin.</summary>
    Sin = 45,
    /// <summary>Copy.</summary>
    Copy = 46,
    /// <summary>Cos.</summary>
    Cos = 47,
}
