using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;

namespace ExecuSharp.Tests.Unit.Formats.Pickle;

public class UnpicklerTests
{
    [Theory]
    [InlineData("cos\nsystem\n(S'true'\ntR.", "os.system")]
    [InlineData("cbuiltins\neval\n(S'1'\ntR.", "builtins.eval")]
    [InlineData("c__builtin__\nexec\n.", "__builtin__.exec")]
    [InlineData("(S'x'\nios\nsystem\n.", "os.system")]
    [InlineData("(cos\nsystem\nS'x'\no.", "os.system")]
    [InlineData("\x80\x04\u008c\x02os\u008c\x06system\u0093.", "os.system")]
    [InlineData("cbuiltins\ngetattr\n.", "builtins.getattr")]
    [InlineData("cmodels\nNet\n)\u0081.", "models.Net")]
    public void ForbiddenGlobalsAreNamed(string pickle, string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<ModelFormatException>(() => Load(pickle)).Found);

    [Theory]
    [InlineData("\u0082\x01.", "extension")]
    [InlineData("\u0097.", "buffer")]
    [InlineData("\x80\x06N.", "protocol")]
    [InlineData("h\x05.", "memo")]
    [InlineData("t.", "mark")]
    [InlineData(".", "stack")]
    [InlineData("(.", "stack")]
    [InlineData("NNa.", "list")]
    [InlineData("}NNs(Nu.", "pairs")]
    [InlineData("\u0095\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FFN.", "frame")]
    [InlineData("X\u00FF\u00FF\u00FF\u00FFabc.", "4294967295")]
    [InlineData("\u008d\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FFabc.", "18446744073709551615")]
    [InlineData("\u008b\u00FF\u00FF\u00FF\u00FFabc.", "integer")]
    [InlineData("I12x\n.", "decimal")]
    [InlineData("Fx\n.", "float")]
    [InlineData("S'abc\n.", "quoted")]
    [InlineData("NR.", "stack")]
    [InlineData("NNR.", "global")]
    [InlineData("NNb.", "object")]
    [InlineData("\u00FE.", "instruction")]
    public void BrokenPicklesAreRefused(string pickle, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Load(pickle)).Expected, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void CyclesAreRefused() =>
        Assert.Contains("cycle", Assert.Throws<ModelFormatException>(() => Load("]q\0h\0a.")).Found);

    [Fact]
    public void DeepNestingIsRefused()
    {
        Assert.Contains("deeper", Assert.Throws<ModelFormatException>(() => Load(new string(']', 100_000) + new string('a', 99_999) + ".")).Found);
        Assert.IsType<PickleList>(Load(new string(']', 400) + new string('a', 399) + "."));
        // deep through sharing: each level holds the one before
        var text = new StringBuilder("]q\0");
        for (int i = 0; i < 600; i++)
            text.Append("\u0085q\0");
        Assert.Throws<ModelFormatException>(() => Load(text.Append('.').ToString()));
    }

    [Fact]
    public void SharedValuesDoNotMultiply()
    {
        var text = new StringBuilder("Nq\0");
        for (int i = 0; i < 100; i++)
            text.Append("h\0h\0\u0086q\0");
        var value = Load(text.Append('.').ToString());
        Assert.Contains("many times", Assert.Throws<ModelFormatException>(() => PickleJson.ToNode(value)).Found);
    }

    [Fact]
    public void CopiesOfALargeValueAreCounted()
    {
        var text = new StringBuilder("ccollections\nOrderedDict\nq\u0001}(");
        for (int i = 0; i < 10_000; i++)
            text.Append($"I{i}\nN");
        text.Append("u\u0085q\u0002");
        for (int i = 0; i < 10_000; i++)
            text.Append("h\u0001h\u0002R");
        Assert.Contains("copies", Assert.Throws<ModelFormatException>(() => Load(text.Append('.').ToString())).Expected);
    }

    [Fact]
    public void LaterEntriesReplaceEarlierOnes()
    {
        var value = (PickleDict)Load("}(S'a'\nI1\nS'b'\nI2\nS'a'\nI3\nI7\nI4\nI7\nI5\nu.");
        Assert.Equal(3, value.Items.Count);
        Assert.Equal(3, value.Get("a")!.AsInt);
        Assert.Equal(5, value.Get(7)!.AsInt);
    }

    [Fact]
    public void ObjectsKeepClassArgumentsAndState()
    {
        var value = Assert.IsType<PickleObject>(Load("cargparse\nNamespace\n)\u0081}S'lr'\nF0.5\nsb."));
        Assert.Equal("argparse.Namespace", value.Type.FullName);
        Assert.Equal(0.5, value.Get("lr")!.AsDouble);
        Assert.Equal("""{"lr":0.5}""", PickleJson.ToNode(value)!.ToJsonString());
    }

    [Fact]
    public void BytesAfterThePickleAreLeft()
    {
        Unpickler.Load(Bytes("I1\n.I2\n."), new PickleResolver(), out int used);
        Assert.Equal(4, used);
    }

    private static PickleValue Load(string pickle) => Unpickler.Load(Bytes(pickle), new PickleResolver());

    private static byte[] Bytes(string pickle) => Encoding.Latin1.GetBytes(pickle);
}
