using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.XnnPack;

/// <summary>Runs the test cases of a recorded program.</summary>
public static class ProgramRunner
{
    /// <summary>Runs all cases in order on one loaded method; returns the first fault of each, with the number of cases.</summary>
    /// <param name="file">A bundled program.</param>
    /// <param name="tolerance">How to compare; null only runs.</param>
    /// <param name="options">How to run.</param>
    public static (int Cases, List<string> Faults) Run(byte[] file, Tolerance? tolerance, RuntimeOptions options)
    {
        var faults = new List<string>();
        int cases = 0;
        using var source = new ByteSource(file);
        var bundle = BundledProgramFile.Read(source);
        using var program = Program.Load(bundle.Program, options);
        foreach (var suite in bundle.Suites)
        {
            using var method = program.LoadMethod(suite.Method);
            foreach (var test in suite.Cases)
            {
                string? fault = Run(method, test, tolerance);
                if (fault is not null)
                    faults.Add($"case {cases}: {fault}");
                cases++;
            }
        }
        return (cases, faults);
    }

    private static string? Run(Method method, BundledCase test, Tolerance? tolerance)
    {
        for (int i = 0; i < test.Inputs.Count; i++)
            method.SetInput(i, Value(test.Inputs[i]));
        method.Execute();
        for (int i = 0; i < test.ExpectedOutputs.Count && tolerance is not null; i++)
            if (test.ExpectedOutputs[i] is BundledValue.TensorValue expected && tolerance.Compare(expected.ToTensor(), method.GetOutput(i).AsTensor()) is { } fault)
                return $"output {i}: {fault}";
        return null;
    }

    private static EValue Value(BundledValue value) => value switch
    {
        BundledValue.TensorValue t => EValue.Of(t.ToTensor()),
        BundledValue.IntValue i => EValue.Of(i.Value),
        BundledValue.BoolValue b => EValue.Of(b.Value),
        BundledValue.DoubleValue d => EValue.Of(d.Value),
        _ => throw new NotSupportedException(),
    };
}
