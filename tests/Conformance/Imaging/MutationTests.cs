using ExecuSharp.Core;
using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Video;

namespace ExecuSharp.Tests.Conformance.Imaging;

/// <summary>Broken files give a picture or a ModelFormatException, and memory stays in proportion to the file.</summary>
public class MutationTests
{
    private const int Rounds = 60;

    [Theory]
    [MemberData(nameof(DecodeTests.Files), MemberType = typeof(DecodeTests))]
    public void Pictures(string path)
    {
        byte[] file = ImagingCorpus.Read(path);
        var random = new Random(file.Length);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] broken = Mutate(file, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ImageDecoder.DecodeRgb(broken, upright: true);
            }
            catch (ModelFormatException)
            {
            }
            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken < (4 << 20) + 16384L * broken.Length, $"{taken} bytes for a file of {broken.Length}");
        }
    }

    [Fact]
    public void Clips()
    {
        byte[] file = ImagingCorpus.Read("perception-encoder/preprocess/video/clip_420.y4m");
        var random = new Random(1);
        for (int round = 0; round < 300; round++)
        {
            byte[] broken = Mutate(file, random);
            try
            {
                var reader = new Y4mReader(new MemoryStream(broken));
                while (reader.ReadFrame() is { } frame)
                    YuvConverter.ToRgb(frame);
            }
            catch (ModelFormatException)
            {
            }
        }
    }

    private static byte[] Mutate(byte[] file, Random random)
    {
        byte[] broken = [.. file];
        int changes = random.Next(1, 5);
        for (int i = 0; i < changes; i++)
        {
            // Mostly in the first part, where the headers are.
            int at = random.Next(random.Next(3) == 0 ? broken.Length : Math.Min(broken.Length, 200));
            broken[at] = random.Next(4) switch { 0 => 0, 1 => 255, 2 => (byte)(broken[at] ^ (1 << random.Next(8))), _ => (byte)random.Next(256) };
        }
        return random.Next(4) == 0 ? broken[..random.Next(broken.Length)] : broken;
    }
}
