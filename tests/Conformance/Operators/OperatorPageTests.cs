using ExecuSharp.Operators.Table;
using ExecuSharp.Tools.Operators;

namespace ExecuSharp.Tests.Conformance.Operators;

/// <summary>The operators' page and their recorded cases.</summary>
public class OperatorPageTests
{
    [Fact]
    public void The_page_is_what_the_table_gives()
    {
        string now = OperatorPage.Render(OperatorTable.Default, KernelCases.Read(), RecordedCases.Read());
        Assert.True(now == File.ReadAllText(OperatorPage.Path), "docs/operators.md is stale: run dotnet run -c Release --project tools/ExecuSharp.Tools -- operators");
    }

    [Fact]
    public void Every_operator_has_a_recorded_case()
    {
        var kernels = KernelCases.Read();
        var recorded = RecordedCases.Read();
        var without = OperatorTable.Default.Rows.Where(r => !(r.OutName is { } name && kernels.ContainsKey(name)) && !recorded.Operators.ContainsKey(r.Name)).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(without.Except(recorded.Unrecorded));
        Assert.Empty(recorded.Unrecorded.Except(without));
        Assert.DoesNotContain(kernels.Keys, k => OperatorTable.Default.FindKernel(k) is null);
    }
}
