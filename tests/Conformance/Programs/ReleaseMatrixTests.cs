using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Inspection;

namespace ExecuSharp.Tests.Conformance.Programs;

/// <summary>The range of releases that inspection states, against what the official runtimes of these releases did with the file.</summary>
public sealed class ReleaseMatrixTests
{
    // What no feature of the file says: the runtime of 0.5 corrupts memory or ends the process in its optimised add, and .ptd files of 0.6 are unreadable for all.
    private static readonly string[] NotInTheFile =
    [
        "0.3.0/cnn_int8/xnnpack.pte", "0.5.0/lin_int4/portable.pte", "0.5.0/lin_int4/xnnpack.pte", "0.6.0/lin_int4/portable.pte",
        "0.6.0/mlp/portable_ext.pte", "0.6.0/vit_block/portable_ext.pte", "0.6.0/vit_block/xnnpack_ext.pte",
    ];

    [SharedFact]
    public void The_stated_releases_are_those_that_ran_the_file()
    {
        using var matrix = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Get("conformance", "versions", "matrix.json")));
        var runtimes = matrix.RootElement.GetProperty("runtimes").EnumerateArray().Select(r => r.GetString()!).ToList();
        Assert.Equal(ReleaseRange.Known.Select(r => r.ToString()), runtimes.Select(r => r[..r.LastIndexOf('.')]));
        var faults = new List<string>();
        int compared = 0;
        foreach (var file in matrix.RootElement.GetProperty("results").EnumerateObject())
        {
            if (PathOf(file.Name) is not { } path)
                continue;
            ReleaseRange range;
            try
            {
                using var program = Runtime.Program.Load(path);
                range = ProgramInspection.Of(program.Records).Releases;
            }
            catch (ModelFormatException) when (file.Name is "probe/p_header16" or "probe/p_header32_size_too_big" or "probe/p_truncated" or "probe/p_truncated24")
            {
                continue;
            }
            compared++;
            string expected = string.Join(" ", ReleaseRange.Known.Where((r, i) => Ran(file.Value, runtimes[i]))), found = string.Join(" ", range.Releases);
            if (expected != found && !NotInTheFile.Contains(file.Name))
                faults.Add($"{file.Name}: ran {expected}; stated {found} ({string.Join("; ", range.Limits)})");
        }
        Assert.True(compared > 200, $"{compared} files");
        Assert.True(faults.Count == 0, $"{faults.Count} of {compared}\n" + string.Join("\n", faults));
    }

    private static bool Ran(JsonElement results, string runtime)
    {
        if (!results.TryGetProperty(runtime, out var result))
            return false;
        return result.GetProperty("state").GetString() is "ok" or "part" && !(result.TryGetProperty("outputs", out var outputs) && outputs.GetString() == "other");
    }

    private static string? PathOf(string name)
    {
        string folder = SharedFolder.Get("conformance", "versions");
        string path = name.StartsWith("probe/", StringComparison.Ordinal) ? Path.Combine(folder, "probes", name[6..], "file.pte") : Path.Combine(folder, "files", name);
        return File.Exists(path) ? path : null;
    }
}
