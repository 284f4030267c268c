using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Zip;

namespace ExecuSharp.Tools.Fuzzing;

/// <summary>Damages files. The same random numbers give the same damage.</summary>
public static class Mutator
{
    /// <summary>A damaged copy; of a ZIP archive, every second time one member is damaged and the archive is written anew with the right checksum.</summary>
    public static byte[] MutateFile(byte[] original, Random random) =>
        original.AsSpan().StartsWith("PK\u0003\u0004"u8) && random.Next(2) == 0 && Members(original) is { Count: > 0 } members ? MutateMember(members, random) : Mutate(original, random);

    /// <summary>A copy with one to four changes, one time in ten cut short.</summary>
    /// <param name="original">The intact file.</param>
    /// <param name="random">Where and what.</param>
    /// <param name="head">A third of the changes go to this many first bytes, where headers are.</param>
    public static byte[] Mutate(ReadOnlySpan<byte> original, Random random, int head = 200)
    {
        byte[] bytes = original.ToArray();
        int count = 1 << random.Next(3);
        for (int i = 0; i < count && bytes.Length > 0; i++)
            Change(bytes, random.Next(random.Next(3) == 0 ? Math.Min(bytes.Length, head) : bytes.Length), random);
        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private static List<(string Name, byte[] Bytes)>? Members(byte[] archive)
    {
        try
        {
            using var zip = ZipReader.Open(new ByteSource(archive));
            return [.. zip.Entries.Select(e => (e.Name, zip.Read(e).ToArray()))];
        }
        catch (ModelFormatException)
        {
            return null; // one of the recorded broken archives
        }
    }

    private static byte[] MutateMember(List<(string Name, byte[] Bytes)> members, Random random)
    {
        int damaged = random.Next(members.Count);
        var stream = new MemoryStream();
        using (var writer = new ZipWriter(stream))
            for (int i = 0; i < members.Count; i++)
                writer.Add(members[i].Name, i == damaged ? Mutate(members[i].Bytes, random) : members[i].Bytes);
        return stream.ToArray();
    }

    private static void Change(byte[] bytes, int at, Random random)
    {
        switch (random.Next(8))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2: bytes[at] = (byte)(random.Next(2) * 255); break;
            case 3: bytes[at] = (byte)random.Next(8); break;
            case 4: ChangeNumber(bytes, at, random); break;
            case 5: bytes.AsSpan(at, Math.Min(bytes.Length - at, 1 + random.Next(8))).Fill((byte)(random.Next(2) * 255)); break;
            case 6: random.NextBytes(bytes.AsSpan(at, Math.Min(bytes.Length - at, 4))); break;
            default:
                int from = random.Next(bytes.Length);
                int length = Math.Min(random.Next(64), bytes.Length - Math.Max(at, from));
                bytes.AsSpan(from, length).ToArray().CopyTo(bytes.AsSpan(at));
                break;
        }
    }

    /// <summary>Another digit for the next one in the text behind a place.</summary>
    private static void ChangeNumber(byte[] bytes, int at, Random random)
    {
        int digit = bytes.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (digit >= 0)
            bytes[at + digit] = (byte)('0' + random.Next(10));
    }
}
