using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.Operators;

/// <summary>The recorded cases of one operator.</summary>
public sealed class OperatorSet
{
    private readonly BundledProgramFile bundle;
    private readonly string name;
    private readonly IReadOnlyList<OperatorCase> cases;

    /// <summary>Reads a list and its bundled program.</summary>
    public OperatorSet(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> program)
    {
        (name, cases) = OperatorCase.Parse(json);
        bundle = BundledProgramFile.Read(new ByteSource(program));
    }

    /// <summary>The operator's name in a program.</summary>
    public string Name => name;

    /// <summary>Number of cases.</summary>
    public int Count => cases.Count;

    /// <summary>Runs all cases and returns a line for each that differs.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="results">Takes the bytes of all tensor outputs, by case and set of inputs.</param>
    public IEnumerable<string> Failures(SimdWidth width, Dictionary<string, byte[]>? results = null)
    {
        var suites = bundle.Suites.ToDictionary(s => s.Method);
        using var program = Program.Load(bundle.Program, new RuntimeOptions { Width = width, Threads = 1 });
        foreach (var c in cases)
            if (Run(program, c, suites[c.Name], results) is { } failure)
                yield return $"{name} {c.Name} [{width}]: {failure}";
    }

    private string? Run(Program program, OperatorCase c, BundledSuite suite, Dictionary<string, byte[]>? results)
    {
        int set = 0;
        try
        {
            using var method = program.LoadMethod(c.Name);
            for (; set < suite.Cases.Count; set++)
            {
                var inputs = suite.Cases[set].Inputs;
                var outputs = Execute(method, inputs);
                if (suite.Cases[set].ExpectedOutputs.Count == 0 && c.Status != 0)
                    return $"set {set}: no error, 0x{c.Status:x2} expected";
                if (!c.ShapeOnly)
                    results?.Add($"{c.Name} {set}", [.. outputs.Where(o => o.Tag == Tag.Tensor).SelectMany(o => o.AsTensor().Bytes.ToArray())]);
                if (c.Undefined)
                    continue;
                var tolerance = new CaseTolerance(name, c, inputs, outputs, absolutes => Execute(method, absolutes));
                if (tolerance.Compare(suite.Cases[set].ExpectedOutputs) is { } difference)
                    return $"set {set}: {difference}";
            }
            return c.Status == 0 ? null : $"no error, 0x{c.Status:x2} expected";
        }
        catch (ExecuTorchException e)
        {
            if (c.Status == 0 || set < c.PassingSets)
                return $"set {set}: {e.Message}";
            return (int)e.Code == c.Status ? null : $"0x{c.Status:x2} expected: {e.Message}";
        }
        catch (Exception e)
        {
            return $"set {set}: {e.GetType().Name}: {e.Message}{e.StackTrace?.Split('\n').FirstOrDefault()}";
        }
    }

    private static EValue[] Execute(Method method, IReadOnlyList<BundledValue> inputs)
    {
        for (int i = 0; i < inputs.Count; i++)
            method.SetInput(i, ToValue(inputs[i]));
        method.Execute();
        var outputs = new EValue[method.OutputCount];
        for (int i = 0; i < outputs.Length; i++)
        {
            var value = method.GetOutput(i);
            outputs[i] = value.Tag == Tag.Tensor ? EValue.Of(value.AsTensor().Clone()) : value;
        }
        return outputs;
    }

    private static EValue ToValue(BundledValue value) => value switch
    {
        BundledValue.TensorValue t => EValue.Of(t.ToTensor()),
        BundledValue.IntValue i => EValue.Of(i.Value),
        BundledValue.BoolValue b => EValue.Of(b.Value),
        BundledValue.DoubleValue d => EValue.Of(d.Value),
        _ => EValue.None(),
    };
}
