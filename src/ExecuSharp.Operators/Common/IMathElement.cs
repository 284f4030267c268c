namespace ExecuSharp.Operators.Common;

/// <summary>A function of one floating number.</summary>
internal interface IMathElement
{
    double Invoke(double x);
}
