using ExecuSharp.Core;
using ExecuSharp.Import.Pt2;

namespace ExecuSharp.Tests.Unit.Import.Pt2;

public sealed class SympyParserTests
{
    private static readonly SymExpr.Symbol S0 = new("s0", 2, 10), S1 = new("s1", 1, 7);

    [Theory]
    [InlineData("Symbol('s0', positive=True, integer=True)", 10)]
    [InlineData("Mul(Integer(2), Symbol('s0', positive=True, integer=True))", 20)]
    [InlineData("Add(Symbol('s0', integer=True), Mul(Integer(-1), Symbol('s1', integer=True)), Integer(3))", 6)]
    [InlineData("FloorDiv(Add(Symbol('s0', integer=True), Integer(1)), Integer(4))", 2)]
    [InlineData("Max(Integer(1), Min(Symbol('s0', integer=True), Integer(8)))", 8)]
    [InlineData("PythonMod(Symbol('s0', integer=True), Integer(4))", 2)]
    [InlineData("Pow(Symbol('s1', integer=True), Integer(2))", 49)]
    [InlineData("s0", 10)]
    [InlineData("2*s0 + 1", 21)]
    [InlineData("((s0 - 1)//2) + s1", 11)]
    [InlineData("s1**2 - -3", 52)]
    [InlineData("s0 % 3", 1)]
    public void Evaluates_at_the_upper_bounds(string text, long expected)
    {
        var dim = new Dim(SympyParser.Parse(text, Find));
        Assert.Equal(expected, dim.Value);
        Assert.False(dim.IsStatic);
    }

    [Theory]
    [InlineData("2*s0//2", "s0")]
    [InlineData("s0*4*8", "32*s0")]
    [InlineData("(s0 + 1) + 2", "s0 + 3")]
    [InlineData("(2*s0 + 1)//2", "s0")]
    [InlineData("s0//2//3", "s0//6")]
    public void Equal_sizes_have_equal_expressions(string left, string right) =>
        Assert.Equal(new Dim(SympyParser.Parse(left, Find)), new Dim(SympyParser.Parse(right, Find)));

    [Theory]
    [InlineData("")]
    [InlineData("s0 +")]
    [InlineData("sin(s0)")]
    [InlineData("(s0")]
    [InlineData("s0)")]
    [InlineData("Symbol('s0'")]
    [InlineData("s0**s1")]
    public void Refuses_what_is_no_size(string text) => Assert.Throws<ModelFormatException>(() => SympyParser.Parse(text, Find));

    private static SymExpr Find(string name) => name == "s0" ? S0 : S1;
}
