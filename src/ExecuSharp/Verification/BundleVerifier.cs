using System.Globalization;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Runtime;

namespace ExecuSharp.Verification;

/// <summary>Runs the test cases of bundled programs and compares the outputs with the expected ones.</summary>
public static class BundleVerifier
{
    /// <summary>Runs every case of a file: the cases of a method in order on one loaded method.</summary>
    /// <param name="path">A <c>.bpte</c>.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="tolerance">Replaces the defaults by element type; what lies beside the file wins over both.</param>
    /// <exception cref="ModelFormatException">The file is missing or broken.</exception>
    public static IReadOnlyList<CaseResult> Verify(string path, RuntimeOptions? options = null, Tolerance? tolerance = null)
    {
        using var source = ByteSource.Open(path);
        return Verify(BundledProgramFile.Read(source), path, ExpectationFile.Beside(path), options, tolerance);
    }

    /// <summary>Runs every case of a bundle in memory.</summary>
    public static IReadOnlyList<CaseResult> Verify(BundledProgramFile bundle, string name, ExpectationFile expectations, RuntimeOptions? options = null, Tolerance? tolerance = null)
    {
        var results = new List<CaseResult>();
        using var program = Program.Load(bundle.Program, options);
        foreach (var suite in bundle.Suites)
            VerifySuite(program, suite, name, expectations.For(suite.Method), tolerance, results);
        return results;
    }

    private static void VerifySuite(Program program, BundledSuite suite, string file, Expectation expected, Tolerance? tolerance, List<CaseResult> results)
    {
        Method? method = null;
        try
        {
            method = program.LoadMethod(suite.Method);
            var steps = expected.Tolerance is null ? QuantizationStep.Of(program.Records, program.Records.FindMethod(suite.Method)!) : new double[method.OutputCount];
            for (int i = 0; i < suite.Cases.Count; i++)
                results.Add(VerifyCase(method, suite, i, file, expected, tolerance, steps));
            if (suite.Cases.Count == 0 && expected.Status != ErrorCode.Ok)
                results.Add(new CaseResult(file, suite.Method, 0, CaseStatus.Error, ErrorCode.Ok, $"the method loads; the recorded error is 0x{(int)expected.Status:x2}", []));
        }
        catch (ExecuTorchException e) when (method is null)
        {
            for (int i = 0; i < Math.Max(1, suite.Cases.Count); i++)
                results.Add(Refused(e, file, suite.Method, i, expected));
        }
        finally
        {
            method?.Dispose();
        }
    }

    private static CaseResult VerifyCase(Method method, BundledSuite suite, int index, string file, Expectation expected, Tolerance? tolerance, double[] steps)
    {
        var test = suite.Cases[index];
        bool mayFail = expected.Status != ErrorCode.Ok && index >= expected.PassingCases && (test.ExpectedOutputs.Count == 0 || index == suite.Cases.Count - 1);
        EValue[] outputs;
        try
        {
            outputs = method.Execute([.. test.Inputs.Select(ToValue)]);
        }
        catch (ExecuTorchException e)
        {
            return Refused(e, file, suite.Method, index, mayFail ? expected : new Expectation());
        }
        if (mayFail)
            return new CaseResult(file, suite.Method, index, CaseStatus.Error, ErrorCode.Ok, $"the case runs; the recorded error is 0x{(int)expected.Status:x2} {expected.Status}", []);
        return Compare(outputs, test, suite.Method, index, file, expected, tolerance, steps);
    }

    private static CaseResult Compare(EValue[] outputs, BundledCase test, string method, int index, string file, Expectation expected, Tolerance? tolerance, double[] steps)
    {
        var differences = new List<OutputDifference>();
        // Text and empty outputs are not in the bundle.
        var comparable = outputs.Zip(steps).Where(o => o.First.Tag is Tag.Tensor or Tag.Int or Tag.Double or Tag.Bool).ToArray();
        int count = Math.Min(comparable.Length, test.ExpectedOutputs.Count);
        for (int i = 0; i < count; i++)
            differences.Add(CompareOne(i, comparable[i].First, test.ExpectedOutputs[i], expected, tolerance, comparable[i].Second));
        string? message = null;
        if (test.ExpectedOutputs.Count > comparable.Length)
            message = $"{test.ExpectedOutputs.Count} outputs are expected, the method has {comparable.Length}";
        else if (!expected.ValuesAreUndefined && differences.Find(d => d.Outside > 0) is { } worst)
            message = $"output {worst.Index}: {worst.FirstOutside}; {worst.Outside} of {worst.Sizes.Aggregate(1L, (n, s) => n * s)} elements outside the tolerance, largest difference {worst.LargestDifference.ToString("G4", CultureInfo.InvariantCulture)}";
        return new CaseResult(file, method, index, message is null ? CaseStatus.Pass : CaseStatus.Differs, ErrorCode.Ok, message, differences);
    }

    private static OutputDifference CompareOne(int index, EValue got, BundledValue want, Expectation expected, Tolerance? tolerance, double step)
    {
        switch (want)
        {
            case BundledValue.TensorValue t when got.Tag == Tag.Tensor:
                return TensorComparer.Compare(index, got.AsTensor(), t.ToTensor(), Choose(got.AsTensor().Type, expected, tolerance, step));
            case BundledValue.IntValue i when got.Tag == Tag.Int:
                return Number(index, "Int", got.AsInt() == i.Value, got, i.Value.ToString(CultureInfo.InvariantCulture));
            case BundledValue.BoolValue b when got.Tag == Tag.Bool:
                return Number(index, "Bool", got.AsBool() == b.Value, got, b.Value ? "true" : "false");
            case BundledValue.DoubleValue d when got.Tag == Tag.Double:
                return Number(index, "Double", got.AsDouble().Equals(d.Value) || Math.Abs(got.AsDouble() - d.Value) <= 1e-6 * (1 + Math.Abs(d.Value)), got, d.Value.ToString("R", CultureInfo.InvariantCulture));
            default:
                return new OutputDifference(index, got.Tag.ToString(), [], double.NaN, 1, $"expected {want.GetType().Name}, found {got}");
        }
    }

    private static Tolerance Choose(ScalarType type, Expectation expected, Tolerance? given, double step)
    {
        var chosen = expected.Tolerance ?? Allowed(type, given, step);
        return expected.AccumulatesIn16Bits && type.IsReducedFloating() ? chosen with { LargestFactor = type == ScalarType.Half ? 16.0 / 1024 : 16.0 / 128 } : chosen;
    }

    // Without a tolerance beside the bundle, which says all there is to say.
    private static Tolerance Allowed(ScalarType type, Tolerance? given, double step)
    {
        var allowed = (type.IsFloating() || given?.Steps > 0 ? given : null) ?? Tolerance.For(type) with { Steps = step > 0 ? QuantizationStep.Default : 0 };
        return type.IsFloating() ? allowed with { Absolute = allowed.Absolute + (allowed.Steps * step) } : allowed;
    }

    private static OutputDifference Number(int index, string type, bool same, EValue got, string want) =>
        new(index, type, [], same ? 0 : double.NaN, same ? 0 : 1, same ? null : $"expected {want}, found {got}");

    private static CaseResult Refused(ExecuTorchException e, string file, string method, int index, Expectation expected)
    {
        if (expected.Status == e.Code)
            return new CaseResult(file, method, index, CaseStatus.Pass, e.Code, null, []);
        var status = e is UnsupportedProgramException ? CaseStatus.Unsupported : CaseStatus.Error;
        string message = expected.Status == ErrorCode.Ok ? e.Message : $"{e.Message}; the recorded error is 0x{(int)expected.Status:x2} {expected.Status}";
        return new CaseResult(file, method, index, status, e.Code, message, []);
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
