using System.Numerics;

namespace ExecuSharp.Operators.Common;

/// <summary>A function of one element of any compute type.</summary>
internal interface IUnaryElement
{
    T Invoke<T>(T x) where T : unmanaged, INumber<T>;
}
