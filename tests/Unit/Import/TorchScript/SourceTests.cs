using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.TorchScript;
using ExecuSharp.Formats.Zip;
using ExecuSharp.Graphs;
using ExecuSharp.Import.TorchScript;
using ExecuSharp.Kernels;

namespace ExecuSharp.Tests.Unit.Import.TorchScript;

public class SourceTests
{
    // "s": _rebuild_tensor_v2(('storage', FloatStorage, '0', 'cpu', 0), 0, (0,), (1,), False, OrderedDict()), SETITEM
    private const string EmptyTensor = "X\u0001\0\0\0sctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\0tQK\0K\0\u0085K\u0001\u0085\u0089ccollections\nOrderedDict\n)RtRs";

    [Theory]
    [InlineData("y = torch.add(x, 1)\nreturn torch.mul(y, 2)", 4, 6)]
    [InlineData("y = x\nfor i in range(3):\n  y = torch.add(y, i)\nreturn y", 4, 5)]
    [InlineData("n = 0\nwhile torch.lt(n, 5):\n  n = torch.add(n, 2)\nreturn torch.add(x, n)", 7, 8)]
    [InlineData("if torch.eq(torch.dim(x), 1):\n  y = torch.neg(x)\nelse:\n  ops.prim.RaiseException(\"no\")\n  y = x\nreturn y", -1, -2)]
    [InlineData("l = annotate(List[Tensor], [])\n_0 = torch.append(l, x)\n_1 = torch.append(l, torch.neg(x))\nreturn torch.sum(torch.stack(l), [0])", 0, 0)]
    [InlineData("d = {\"a\": x, \"b\": torch.mul(x, 3)}\nreturn d[\"b\"]", 3, 6)]
    [InlineData("a, b, = torch.unbind(x)\nreturn torch.stack([b, a])", 2, 1)]
    [InlineData("t = (1, [2, 3], \"z\")\nk, l, s, = t\nreturn torch.add(x, l[-1])", 4, 5)]
    [InlineData("s = torch.format(\"{}-{}\", 1, [2, 3])\nif torch.eq(s, \"1-[2, 3]\"):\n  y = x\nelse:\n  y = torch.neg(x)\nreturn y", 1, 2)]
    [InlineData("n = ops.prim.NumToTensor(torch.size(x, 0))\nm = int(torch.floor_divide(n, 2))\nreturn torch.add(x, m)", 2, 3)]
    [InlineData("return torch.add(x, torch.floordiv(-7, 2))", -3, -2)]
    [InlineData("return torch.add(x, torch.remainder(-7, 4))", 2, 3)]
    [InlineData("y = torch.clone(x)\n_0 = torch.copy_(torch.select(y, 0, 0), torch.tensor(9.))\nreturn y", 9, 2)]
    [InlineData("return __torch__.twice(x, k=3, )", 3, 6)]
    public void ProgramsGiveWhatPythonGives(string body, float first, float second) => Assert.Equal([first, second], Run(body, 1, 2));

    [Theory]
    [InlineData(1f, 2f, 2f, 3f)]
    [InlineData(-1f, -2f, 1f, 2f)]
    public void ConditionOnDataBecomesCond(float a, float b, float first, float second)
    {
        const string Body = "if bool(torch.gt(torch.sum(x), 0.)):\n  y = torch.add(x, 1)\nelse:\n  y = torch.neg(x)\nreturn y";
        Assert.Equal([first, second], Run(Body, a, b));
        Assert.Contains(Import(Body).Nodes, n => n.Op == "higher_order::cond");
    }

    [Theory]
    [InlineData(1f, 2f, 8f, 16f)]
    [InlineData(20f, 2f, 20f, 2f)]
    public void LoopOnDataBecomesWhile(float a, float b, float first, float second)
    {
        const string Body = "y = x\n_0 = bool(torch.lt(torch.sum(y), 20.))\nwhile _0:\n  y = torch.mul(y, 2)\n  _0 = bool(torch.lt(torch.sum(y), 20.))\nreturn y";
        Assert.Equal([first, second], Run(Body, a, b));
        Assert.Contains(Import(Body).Nodes, n => n.Op == "higher_order::while_loop");
    }

    [Theory]
    [InlineData(3f, 0f, 6f, 3f)]
    [InlineData(0f, 5f, 0f, 5f)]
    public void CountKnownAtRunTimeBecomesWhile(float a, float b, float first, float second) =>
        Assert.Equal([first, second], Run("n = int(torch.select(x, 0, 0))\ny = x\nfor i in range(n):\n  y = torch.add(y, 1)\nreturn y", a, b));

    [Fact]
    public void AllUnknownOperatorsAreListed()
    {
        var error = Assert.Throws<UnsupportedModelException>(() => Import("y = torch.no_such_a(x)\nz = torch.no_such_b(y, 1)\nif False:\n  z = torch.no_such_c(z)\nelse:\n  pass\nreturn z"));
        Assert.Equal(["operator aten::no_such_a", "operator aten::no_such_b"], error.Items.Select(i => i.What));
    }

    [Fact]
    public void ExceptionOfTheModelIsToldWithItsPlace()
    {
        var error = Assert.Throws<UnsupportedModelException>(() => Import("if torch.ne(torch.dim(x), 4):\n  ops.prim.RaiseException(torch.format(\"expected 4D, got {}D\", torch.dim(x)))\nelse:\n  pass\nreturn x"));
        Assert.Contains("expected 4D, got 1D", error.Message);
        Assert.Contains("__torch__.M.forward line", error.Message);
    }

    [Theory]
    [InlineData("while True:\n  y = torch.neg(x)\nreturn x")]
    [InlineData("return (self).forward(x, )")]
    public void ProgramsWithoutEndAreRefused(string body) => Assert.Throws<UnsupportedModelException>(() => Import(body));

    [Theory]
    [InlineData("return torch.add(x, ")]
    [InlineData("return \"open")]
    [InlineData("y = = x")]
    [InlineData("if True:\nreturn x")]
    [InlineData("return x ? 1")]
    public void TextOutsideTheLanguageIsAFormatError(string body) => Assert.Throws<ModelFormatException>(() => Import(body));

    [Fact]
    public void DeepNestingIsRefused()
    {
        string deep = "return " + string.Concat(Enumerable.Repeat("torch.neg(", 5000)) + "x" + new string(')', 5000);
        Assert.Throws<ModelFormatException>(() => Import(deep));
    }

    [Fact]
    public void ClassesAndDefaultsAreParsed()
    {
        var unit = ScriptParser.Parse("class P(NamedTuple):\n  a : Tensor\n  b : Optional[int]\ndef f(x: Tensor,\n    k: List[int]=[1, -2],\n    e: float=1.0000000000000001e-05) -> Tensor:\n  return x\n", "p.py");
        Assert.Equal("NamedTuple", unit.Classes["P"].Base);
        Assert.Equal(["Tensor", "Optional[int]"], unit.Classes["P"].Fields.Select(f => f.Value));
        Assert.Equal(1e-5, Assert.IsType<ScriptExpression.Literal>(unit.Functions["f"].Parameters[2].Default).Value);
        Assert.Equal(-2L, Assert.IsType<ScriptExpression.Literal>(Assert.IsType<ScriptExpression.ListOf>(unit.Functions["f"].Parameters[1].Default).Items[1]).Value);
    }

    [Fact]
    public void StateThatBeginsEmptyBecomesABufferOfZeros()
    {
        var interpreter = new GraphInterpreter(Import(Accumulate("torch.zeros([2])", "torch.add(x, p)"), withState: true), KernelContext.SingleThreaded());
        float[] Next() => interpreter.Run([Tensor.From<float>([1, 2], 2)])[0].AsTensor().Span<float>().ToArray();
        Assert.Equal([1f, 2f], Next());
        Assert.Equal([2f, 4f], Next());
        Assert.Equal([3f, 6f], Next());
    }

    [Theory]
    [InlineData("torch.ones([2])", "torch.add(x, p)", "other results than zeros would")]
    [InlineData("torch.zeros([2])", "torch.cat([p, x])", "keeps its sizes")]
    public void StateThatCannotBeginAsZerosIsRefused(string empty, string next, string why) =>
        Assert.Contains(why, Assert.Throws<UnsupportedModelException>(() => Import(Accumulate(empty, next), withState: true)).Message, StringComparison.Ordinal);

    [Fact]
    public void GradientModesAreLookedThrough()
    {
        Assert.Equal([-1f, -2f], Run("_0 = __torch__.torch.autograd.grad_mode.no_grad.__new__(__torch__.torch.autograd.grad_mode.no_grad)\nwith _0:\n  y = torch.neg(x)\nreturn y", 1, 2));
        Assert.Contains("context manager", Assert.Throws<UnsupportedModelException>(() => Import("_0 = __torch__.Other.__new__(__torch__.Other)\nwith _0:\n  y = torch.neg(x)\nreturn y")).Message, StringComparison.Ordinal);
    }

    private static string Accumulate(string empty, string next) =>
        $"if bool(torch.len(self.s)):\n  p = self.s\nelse:\n  p = {empty}\ny = {next}\nself.s = y\nreturn y";

    private static float[] Run(string body, params float[] x) =>
        GraphInterpreter.Run(Import(body), [Tensor.From<float>(x, x.Length)], KernelContext.SingleThreaded())[0].AsTensor().Span<float>().ToArray();

    private static Graph Import(string body, bool withState = false)
    {
        string code = "class M(Module):\n  training : bool\n  s : Tensor\n  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n"
            + string.Concat(body.Split('\n').Select(l => "    " + l + "\n"))
            + "def twice(t: Tensor,\n    k: int=2) -> Tensor:\n  return torch.mul(t, k)\n";
        var stream = new MemoryStream();
        using (var zip = new ZipWriter(stream))
        {
            // protocol 2: GLOBAL, EMPTY_TUPLE, NEWOBJ, EMPTY_DICT, BUILD, STOP
            zip.Add("m/data.pkl", Encoding.Latin1.GetBytes("\u0080\u0002c__torch__\nM\n)\u0081}" + (withState ? EmptyTensor : "") + "b."));
            zip.Add("m/data/0", []);
            zip.Add("m/constants.pkl", Encoding.Latin1.GetBytes("\u0080\u0002)."));
            zip.Add("m/code/__torch__.py", Encoding.UTF8.GetBytes(code));
        }
        return TorchScriptImporter.Import(stream.ToArray(), new TorchScriptImportOptions { InputShapes = [new TensorSpec(ScalarType.Float, 2)] });
    }
}
