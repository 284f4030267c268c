using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.TorchArchive;
using static ExecuSharp.Tests.Unit.Formats.TorchArchive.CheckpointBuilder;

namespace ExecuSharp.Tests.Unit.Formats.TorchArchive;

public class TorchCheckpointTests
{
    [Fact]
    public void StridedTensorsAreGathered()
    {
        byte[] zip = Archive(Dictionary(("w", Tensor("0", 12, 1, [2, 3], [1, 2])), ("tied", Tensor("0", 12, 0, [12], [1]))), ("0", Floats(12)));
        using var checkpoint = TorchCheckpoint.Load(zip);
        var state = checkpoint.StateDict();
        Assert.Equal([1f, 3, 5, 2, 4, 6], state["w"].ToTensor().Span<float>().ToArray());
        Assert.Same(state["w"].Storage, state["tied"].Storage);
        Assert.True(state["tied"].IsContiguous);
    }

    [Theory]
    [InlineData(0, new long[] { 13 }, new long[] { 1 })]
    [InlineData(1, new long[] { 12 }, new long[] { 1 })]
    [InlineData(-1, new long[] { 1 }, new long[] { 1 })]
    [InlineData(0, new long[] { 2 }, new long[] { -1 })]
    [InlineData(0, new long[] { -2 }, new long[] { 1 })]
    [InlineData(0, new long[] { 2 }, new long[] { 1, 1 })]
    [InlineData(0, new long[] { 3, 5 }, new long[] { 4, 1 })]
    [InlineData(0, new long[] { 2 }, new long[] { long.MaxValue })]
    [InlineData(long.MaxValue, new long[] { 2 }, new long[] { long.MaxValue })]
    [InlineData(0, new long[] { long.MaxValue, long.MaxValue }, new long[] { 0, 0 })]
    [InlineData(0, new long[] { 1 << 30 }, new long[] { 0 })]
    public void TensorsOutsideTheirStorageAreRefused(long offset, long[] size, long[] stride) =>
        Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(Archive(Tensor("0", 12, offset, size, stride), ("0", Floats(12)))));

    [Fact]
    public void StoragesThatAreMissingOrShortAreNamed()
    {
        Assert.Contains("data/1", Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(Archive(Tensor("1", 1, 0, [1], [1]), ("0", Floats(1))))).Expected);
        Assert.Contains("data/0", Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(Archive(Tensor("0", 3, 0, [1], [1]), ("0", Floats(2))))).Place);
    }

    [Fact]
    public void UnknownClassesAreKeptInertOrRefused()
    {
        string net = $"cmodels\nNet\n)\u0081{Dictionary(("_parameters", Dictionary(("w", Tensor("0", 2, 0, [2], [1])))), ("_buffers", "}"), ("_modules", "}"))}b";
        using (var checkpoint = TorchCheckpoint.Load(Archive(net, ("0", Floats(2)))))
            Assert.Equal([0f, 1f], checkpoint.StateDict()["w"].ToTensor().Span<float>().ToArray());
        var e = Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(Archive(net, ("0", Floats(2))), new TorchLoadOptions { Strict = true }));
        Assert.Contains("'models.Net'", e.Found);
    }

    [Theory]
    [InlineData("cmodels\nmake\n)R", "models.make")]
    [InlineData("cposix\nsystem\n", "posix.system")]
    [InlineData("csubprocess\nPopen\n)\u0081", "subprocess.Popen")]
    [InlineData("cos.path\njoin\n", "os.path.join")]
    [InlineData("ctorch.hub\nload\n)R", "torch.hub.load")]
    [InlineData("ctorch\nFloatStorage\n)\u0081", "torch.FloatStorage")]
    [InlineData("ctorch._utils\n_rebuild_sparse_csr_tensor\n)R", "torch._utils._rebuild_sparse_csr_tensor")]
    public void CallsOutsideTheListAreRefusedByName(string pickle, string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(Archive(pickle))).Found);

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model_state_dict")]
    [InlineData("model")]
    [InlineData("weights")]
    [InlineData("generator")]
    public void WeightsAreFoundUnderTheUsualNames(string key)
    {
        string weights = Dictionary(("module._orig_mod.b", Tensor("0", 4, 0, [1], [1])), ("module._orig_mod.a", Tensor("0", 4, 2, [2], [1])));
        string optimizer = Dictionary(("state", Dictionary(("m", Tensor("0", 4, 0, [4], [1])), ("n", Tensor("0", 4, 0, [4], [1])), ("o", Tensor("0", 4, 0, [4], [1])))));
        using var checkpoint = TorchCheckpoint.Load(Archive(Dictionary(("optimizer", optimizer), ("epoch", "I3\n"), (key, weights)), ("0", Floats(4))));
        var state = checkpoint.StateDict();
        Assert.Equal(["b", "a"], state.Select(t => t.Key));
        Assert.Equal(("module._orig_mod.", key), (state.Prefix, state.Path));
        Assert.Equal(3, checkpoint.Find("epoch")!.AsInt);
    }

    [Fact]
    public void EntriesThatAreNoTensorsAreKeptAside()
    {
        using var checkpoint = TorchCheckpoint.Load(Archive(Dictionary(("w", Tensor("0", 1, 0, [1], [1])), ("_extra_state", "N"), ("steps", "I5\n")), ("0", Floats(1))));
        var state = checkpoint.StateDict();
        Assert.Equal(["w"], state.Select(t => t.Key));
        Assert.Equal(["_extra_state", "steps"], state.Others.Select(t => t.Key));
    }

    [Fact]
    public void FilesOfOtherKindsAreRefusedWithAReason()
    {
        var tar = new byte[1024];
        "ustar"u8.CopyTo(tar.AsSpan(257));
        Assert.Contains("tar", Found(tar));
        Assert.Contains("empty", Found([]));
        Assert.Contains("not a PyTorch file", Found("hello, this is text"u8.ToArray()));
        Assert.Contains("another kind", Found(ZipOf("readme")));
        Assert.Contains("nothing", Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load("/no/such/file.pt")).Message);
        Assert.Contains("keys", Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(Archive(Dictionary(("a", "I1\n")))).StateDict()).Found);
    }

    [Fact]
    public void BigEndianStoragesAreSwapped()
    {
        var stream = new MemoryStream();
        using (var writer = new ExecuSharp.Formats.Zip.ZipWriter(stream))
        {
            writer.Add("x/data.pkl", Encoding.Latin1.GetBytes(Tensor("0", 2, 0, [2], [1]) + "."));
            writer.Add("x/byteorder", "big"u8);
            writer.Add("x/data/0", [0x3F, 0x80, 0, 0, 0x40, 0, 0, 0]);
        }
        using var checkpoint = TorchCheckpoint.Load(stream.ToArray());
        Assert.Equal([1f, 2f], ((PickleTensor)checkpoint.Root).Tensor.ToTensor().Span<float>().ToArray());
    }

    private static string Found(byte[] bytes) => Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(bytes)).Found;

    private static byte[] ZipOf(string name)
    {
        var stream = new MemoryStream();
        using (var writer = new ExecuSharp.Formats.Zip.ZipWriter(stream))
            writer.Add(name, "text"u8);
        return stream.ToArray();
    }
}
