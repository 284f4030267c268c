namespace ExecuSharp.Operators.Common;

/// <summary>Work that is written once for every element type.</summary>
internal interface IElementAction
{
    void Run<T>() where T : unmanaged;
}
