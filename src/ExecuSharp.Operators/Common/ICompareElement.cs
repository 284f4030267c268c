using System.Numerics;

namespace ExecuSharp.Operators.Common;

/// <summary>A test of two elements of any compute type.</summary>
internal interface ICompareElement
{
    bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T>;
}
