namespace ExecuSharp.Formats.XnnPack;

/// <summary>Element types of values in a payload (ExecuTorch's own numbering of XNNDatatype, not XNNPACK's).</summary>
public enum XnnDatatype : short
{
    /// <summary>No type.</summary>
    Invalid = 0,
    /// <summary>IEEE binary32.</summary>
    Fp32 = 1,
    /// <summary>IEEE binary16.</summary>
    Fp16 = 2,
    /// <summary>Signed 8-bit codes with one scale and zero point.</summary>
    QInt8 = 3,
    /// <summary>Unsigned 8-bit codes with one scale and zero point.</summary>
    QUInt8 = 4,
    /// <summary>32-bit codes with one scale (bias).</summary>
    QInt32 = 5,
    /// <summary>Signed 8-bit codes with a scale for each channel.</summary>
    QCInt8 = 6,
    /// <summary>32-bit codes with a scale for each channel (bias).</summary>
    QCInt32 = 7,
    /// <summary>4-bit codes (value + 8, even index in the low nibble) with a scale for each channel.</summary>
    QCInt4 = 8,
    /// <summary>Signed 8-bit codes whose scale and zero point are chosen at run time.</summary>
    QDInt8 = 9,
    /// <summary>4-bit codes (value + 8) with a bfloat16 scale for each block of a row.</summary>
    QBInt4 = 10,
    /// <summary>8-bit codes in a packed layout of one processor family.</summary>
    QPInt8 = 11,
    /// <summary>Plain 32-bit integers.</summary>
    Int32 = 12,
    /// <summary>binary32 in a packed layout of one processor family.</summary>
    PFp32 = 13,
    /// <summary>bfloat16.</summary>
    BFloat16 = 14,
}
