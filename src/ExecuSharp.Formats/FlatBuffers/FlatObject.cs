namespace ExecuSharp.Formats.FlatBuffers;

/// <summary>A table or vector to be written.</summary>
public abstract class FlatObject
{
    internal abstract int Alignment { get; }

    internal abstract void Write(FlatBufferWriter writer);
}
