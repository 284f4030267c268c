using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.Programs;

/// <summary>Inputs of recorded cases.</summary>
internal static class RecordedInputs
{
    /// <summary>The inputs of a case as values.</summary>
    public static EValue[] Of(BundledCase test) => [.. test.Inputs.Select(v => v switch
    {
        BundledValue.TensorValue t => EValue.Of(t.ToTensor()),
        BundledValue.IntValue i => EValue.Of(i.Value),
        BundledValue.BoolValue b => EValue.Of(b.Value),
        BundledValue.DoubleValue d => EValue.Of(d.Value),
        _ => throw new NotSupportedException($"{v}"),
    })];

    /// <summary>Sets all inputs.</summary>
    public static void Set(Method method, EValue[] inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
            method.SetInput(i, inputs[i]);
    }
}
