using System.IO.Compression;
using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;

namespace ExecuSharp.Tools.Operators;

/// <summary>The recorded calls of one kernel of the official runtime.</summary>
/// <param name="Count">Number of cases.</param>
/// <param name="Types">Element types of the first tensor in the calls that succeed.</param>
public sealed record KernelCases(int Count, IReadOnlySet<ScalarType> Types)
{
    /// <summary>Reads <c>tests/corpus/operators.zip</c>: cases by the kernel's name in a program.</summary>
    public static IReadOnlyDictionary<string, KernelCases> Read()
    {
        using var archive = ZipFile.OpenRead(Repository.File("tests", "corpus", "operators.zip"));
        var cases = new Dictionary<string, KernelCases>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries.Where(e => e.Name.EndsWith(".json", StringComparison.Ordinal)))
        {
            using var list = JsonDocument.Parse(Bytes(entry));
            var succeeding = list.RootElement.GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("status").GetString() == "ok").Select(c => c.GetProperty("case").GetString()!).ToHashSet(StringComparer.Ordinal);
            var bundle = BundledProgramFile.Read(new ByteSource(Bytes(archive.GetEntry(Path.ChangeExtension(entry.FullName, ".bpte"))!)));
            var types = bundle.Suites.Where(s => succeeding.Contains(s.Method)).Select(s => FirstType(s.Cases[0])).OfType<ScalarType>().ToHashSet();
            cases.Add(list.RootElement.GetProperty("operator").GetString()!, new KernelCases(list.RootElement.GetProperty("cases").GetArrayLength(), types));
        }
        return cases;
    }

    private static ScalarType? FirstType(BundledCase c) => c.Inputs.Concat(c.ExpectedOutputs).OfType<BundledValue.TensorValue>().FirstOrDefault()?.Type;

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
