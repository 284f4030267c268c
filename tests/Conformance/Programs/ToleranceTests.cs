using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Verification;

namespace ExecuSharp.Tests.Conformance.Programs;

/// <summary>Which tolerance a case is held to.</summary>
public sealed class ToleranceTests
{
    // Static int8 with a float output; what lies beside it allows one step of 0.0461.
    private const string Program = "q8_add";

    [SharedTheory]
    [InlineData(0.5, true, CaseStatus.Pass)]
    [InlineData(1.6, true, CaseStatus.Differs)]
    [InlineData(1.6, false, CaseStatus.Pass)]
    [InlineData(3.5, false, CaseStatus.Differs)]
    public void A_tolerance_beside_the_bundle_is_not_widened_by_the_quantization(double steps, bool beside, CaseStatus expected)
    {
        string path = SharedFolder.Get("conformance", "xnnpack", Program + ".bpte");
        var found = BundleVerifier.Verify(path).Single(c => c.Case == 0);
        Assert.Equal(CaseStatus.Pass, found.Status);
        using var source = ByteSource.Open(path);
        var bundle = BundledProgramFile.Read(source);
        var suite = bundle.Suites[0];
        var output = (BundledValue.TensorValue)suite.Cases[0].ExpectedOutputs[0];
        Assert.Equal(ScalarType.Float, output.Type);
        byte[] data = output.Data.ToArray();
        BitConverter.TryWriteBytes(data, BitConverter.ToSingle(data) + (float)(steps * 0.046119));
        bundle = bundle with { Suites = [suite with { Cases = [suite.Cases[0] with { ExpectedOutputs = [output with { Data = data }] }] }] };
        var results = BundleVerifier.Verify(bundle, Program, beside ? ExpectationFile.Beside(path) : new ExpectationFile());
        Assert.Equal(expected, Assert.Single(results).Status);
    }
}
