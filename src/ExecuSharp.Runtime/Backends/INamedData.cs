namespace ExecuSharp.Runtime.Backends;

/// <summary>Bytes by key: from data files beside a program, then from the program itself.</summary>
public interface INamedData
{
    /// <summary>Finds the bytes of a key.</summary>
    bool TryGet(string key, out ReadOnlyMemory<byte> bytes);
}
