using System.Diagnostics;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>Runs a program in the official runtime.</summary>
internal static class JudgeRun
{
    /// <summary>The first output.</summary>
    public static Tensor First(byte[] program, Tensor input)
    {
        string folder = Directory.CreateTempSubdirectory("execusharp-judge").FullName;
        try
        {
            string pte = Path.Combine(folder, "model.pte"), inputs = Path.Combine(folder, "in.safetensors"), outputs = Path.Combine(folder, "out.safetensors");
            File.WriteAllBytes(pte, program);
            SafeTensorsWriter.Write(inputs, [KeyValuePair.Create("0", input)]);
            Run("run", pte, "--inputs", inputs, "--outputs", outputs, "--quiet", "--time-limit", "120");
            using var file = SafeTensorsFile.Open(outputs);
            return file.GetTensor(file.Names[0]).Clone();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Runs the judge, which must succeed.</summary>
    public static void Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(SharedFolder.Judge!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {error} {output.Result}");
    }
}
