using System.CommandLine;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Output;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>doctor</c>: what this machine offers.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Show what this machine offers and which kernels are picked. Example: execusharp doctor");
        return CommonOptions.Attach(command, (_, reporter, _) =>
        {
            var facts = new (string Name, string Value)[]
            {
                ("processor", RuntimeInformation.ProcessArchitecture.ToString()),
                ("system", RuntimeInformation.OSDescription),
                (".NET", RuntimeInformation.FrameworkDescription),
                ("cores", Units.Text($"{Environment.ProcessorCount}")),
                ("vector widths", string.Join(", ", SimdWidths.Available.Select(w => Units.Text($"{(int)w}")))),
                ("float kernels", Units.Text($"{(int)SimdWidths.Preferred} bits{(SimdWidths.Preferred == SimdWidths.Best ? "" : $" (forced by {SimdWidths.Variable})")}, {(Fma.IsSupported ? "fused multiply-add" : "software multiply-add")}")),
                ("8-bit dot products", AvxVnni.IsSupported ? "AVX-VNNI" : Avx2.IsSupported ? "AVX2, 16-bit pairs" : System.Runtime.Intrinsics.Arm.Dp.IsSupported ? "Arm DotProd" : "portable"),
                ("operators", Units.Text($"{OperatorTable.Default.Rows.Count(r => r.Kernel is not null)} kernels, {OperatorTable.Default.Rows.Count} known")),
            };
            reporter.Result("doctor", new JsonObject(facts.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)f.Value))), r => r.Table(["", ""], facts.Select(f => new[] { f.Name, f.Value }), alignRight: false));
            return ExitCodes.Done;
        });
    }
}
