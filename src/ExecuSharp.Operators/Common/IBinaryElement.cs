using System.Numerics;

namespace ExecuSharp.Operators.Common;

/// <summary>A function of two elements of any compute type.</summary>
internal interface IBinaryElement
{
    T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>;
}
