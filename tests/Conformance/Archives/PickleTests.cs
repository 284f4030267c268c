using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;

namespace ExecuSharp.Tests.Conformance.Archives;

public class PickleTests
{
    private const string Plain =
        """{"a":[1,2.5,"x",null,true,false],"t":[1,2,3,4],"empty":[[],[],{}],"one":[7],"two":[7,8],"big":"an integer of 71 bits","negbig":"an integer of 70 bits","neg":-5,"i16":300,"i32":70000,"i64":1099511627776,"bytes":"3 bytes","text":"b\u00E4r \u20AC \uD83D\uDE00","long":"LONG","nan":"Infinity","nested":{"3":"integer key","a tuple of 2":"tuple key","d":{"e":[[[1]]]}},"shared":[[1,2],[1,2]]}""";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void PlainValuesOfEveryProtocol(int protocol)
    {
        byte[] bytes = ArchiveCases.Read($"pickles/plain-protocol{protocol}.pkl");
        var value = Unpickler.Load(bytes, new PickleResolver(), out int used);
        Assert.Equal(bytes.Length, used);
        Assert.Equal(Plain.Replace("LONG", new string('y', 300)), PickleJson.ToNode(value)!.ToJsonString());
        Assert.Equal([0x00, 0xFF, 0x80], ((PickleBytes)value.Get("bytes")!).Value.ToArray());
        Assert.Equal(System.Numerics.BigInteger.Pow(2, 70), ((PickleBigInt)value.Get("big")!).Value);
        Assert.Equal(-System.Numerics.BigInteger.Pow(2, 70), ((PickleBigInt)value.Get("negbig")!).Value);
        var shared = value.Get("shared")!.AsSequence!;
        Assert.Same(shared[0], shared[1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void ContainersOfEveryProtocol(int protocol)
    {
        var value = Unpickler.Load(ArchiveCases.Read($"pickles/containers-protocol{protocol}.pkl"), new PickleResolver());
        Assert.Equal(1, Assert.IsType<PickleSet>(value.Get("set")).Items[0].AsInt);
        Assert.Equal(2, Assert.IsType<PickleSet>(value.Get("frozen")).Items[0].AsInt);
        Assert.Equal(["z", "y"], ((PickleDict)value.Get("od")!).Items.Select(i => i.Key.AsString));
        Assert.Equal(1, value.Get("dd")!.Get("k")!.AsSequence![0].AsInt);
        Assert.Equal(2, value.Get("counter")!.Get("a")!.AsInt);
        Assert.Equal("abc"u8.ToArray(), ((PickleBytes)value.Get("array")!).Value.ToArray());
        Assert.Equal("\"/a/b\"", PickleJson.ToNode(value.Get("path")!)!.ToJsonString());
        Assert.Equal(0.1, value.Get("ns")!.Get("lr")!.AsDouble);
        Assert.Equal("datetime.date", Assert.IsType<PickleObject>(value.Get("when")).Type.FullName);
    }

    [Fact]
    public void EveryCutIsRefused()
    {
        for (int protocol = 0; protocol <= 5; protocol++)
        {
            byte[] bytes = ArchiveCases.Read($"pickles/plain-protocol{protocol}.pkl");
            for (int length = 0; length < bytes.Length; length++)
                Assert.Throws<ModelFormatException>(() => Unpickler.Load(bytes.AsMemory(0, length), new PickleResolver()));
        }
    }
}
