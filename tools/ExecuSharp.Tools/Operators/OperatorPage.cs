using System.Globalization;
using System.Text;
using ExecuSharp.Compiler.Xnnpack;
using ExecuSharp.Core;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Tools.Operators;

/// <summary>The page of all operators, <c>docs/operators.md</c>.</summary>
public static class OperatorPage
{
    private static readonly ScalarType[] Real = [ScalarType.Byte, ScalarType.Char, ScalarType.Short, ScalarType.Int, ScalarType.Long, ScalarType.Float, ScalarType.Double];
    private static readonly ScalarType[] RealHBBF16 = [.. Real, ScalarType.Half, ScalarType.Bool, ScalarType.BFloat16];

    /// <summary>The file.</summary>
    public static string Path { get; } = Repository.File("docs", "operators.md");

    /// <summary>Makes the page.</summary>
    /// <param name="table">The operators.</param>
    /// <param name="kernels">Recorded calls by the kernel's name in a program.</param>
    /// <param name="recorded">Recorded models by the operator's functional name.</param>
    public static string Render(OperatorTable table, IReadOnlyDictionary<string, KernelCases> kernels, RecordedCases recorded)
    {
        var rows = table.Rows.OrderBy(r => r.Name, StringComparer.Ordinal).ToList();
        var text = new StringBuilder();
        Line(text, $"""
            # Operators

            Made by `dotnet run -c Release --project tools/ExecuSharp.Tools -- operators` from the operator table; a test compares.

            {rows.Count} operators: {rows.Count(r => r.Kernel is not null)} with a kernel, {rows.Count(r => r.Decompose is not null)} with a decomposition, {rows.Count(IsDelegable)} that the XNNPACK backend can take.

            - **kernel**: the name in a program, and the family in `src/ExecuSharp.Operators` that computes it.
            - **types**: element types of the first tensor in the recorded calls that the official runtime accepts. REAL is Byte, Char, Short, Int, Long, Float, Double; REALHBBF16 has Half, Bool and BFloat16 too. An operator without a kernel takes what the operators it is written with take.
            - **parts**: the operator is written with others; *or* says that it also has a kernel, and the compiler writes it with others where no kernel of the target fits.
            - **XNNPACK**: `convert` puts it into a delegate when its arguments allow (`--explain` says why not).
            - **calls**: recorded calls of the kernel by the official runtime. **models**: how many of {recorded.Models} recorded models (`.pt2`, TorchScript, mobile, ONNX, with PyTorch's or ONNX Runtime's outputs) use the operator when they are imported, as a node or written with others. {rows.Count(r => recorded.Unrecorded.Contains(r.Name))} operators came with their siblings and have neither.

            | schema | kernel | types | parts | XNNPACK | calls | models |
            |---|---|---|---|---|---|---|
            """);
        foreach (var row in rows)
            Line(text, Row(row, row.OutName is null ? null : kernels.GetValueOrDefault(row.OutName), recorded.Operators.GetValueOrDefault(row.Name)));
        Line(text, $"""

            ## Exported operators that do not convert

            Of {recorded.Samples} recorded samples of PyTorch's operator database (`.pt2`), {recorded.NotConverted.Count} do not give the eager outputs:

            | sample | reason |
            |---|---|
            """);
        foreach (var (sample, reason) in recorded.NotConverted)
            Line(text, $"| `{sample}` | {reason} |");
        return text.ToString();
    }

    private static string Row(OperatorDefinition row, KernelCases? calls, int models)
    {
        string kernel = row.Kernel is null ? "" : $"`{row.OutName ?? row.Name}` {Family(row.Kernel)}";
        string parts = row.Decompose is null ? "" : row.Kernel is null ? "yes" : "or";
        return $"| `{row.Schema.Text}` | {kernel} | {Types(calls?.Types)} | {parts} | {(IsDelegable(row) ? "yes" : "")} | {Number(calls?.Count ?? 0)} | {Number(models)} |";
    }

    private static bool IsDelegable(OperatorDefinition row) => XnnRules.Table.ContainsKey(row.Name);

    private static string Family(KernelFunction kernel)
    {
        var type = kernel.Method.DeclaringType!;
        while (type.DeclaringType is { } outer)
            type = outer;
        return $"{type.Namespace!["ExecuSharp.Operators.".Length..].Replace('.', '/')}/{type.Name}";
    }

    private static string Types(IReadOnlySet<ScalarType>? types)
    {
        if (types is null or { Count: 0 })
            return "";
        var (name, group) = types.IsSupersetOf(RealHBBF16) ? ("REALHBBF16", RealHBBF16) : types.IsSupersetOf(Real) ? ("REAL", Real) : ("", []);
        return string.Join(' ', new[] { name }.Where(n => n.Length > 0).Concat(types.Except(group).Order().Select(t => t.ToString())));
    }

    private static string Number(int count) => count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string line) => text.Append(line.ReplaceLineEndings("\n")).Append('\n');
}
