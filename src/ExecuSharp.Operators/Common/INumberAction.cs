using System.Numerics;

namespace ExecuSharp.Operators.Common;

/// <summary>Work that is written once for every compute type.</summary>
internal interface INumberAction
{
    void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}
