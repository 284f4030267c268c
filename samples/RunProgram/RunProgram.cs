using System.Globalization;
using ExecuSharp.Core;
using ExecuSharp.Runtime;

namespace ExecuSharp.Samples.RunProgram;

/// <summary>Runs a program on inputs of ones and prints the first values of each output: the smallest application around the runtime.</summary>
internal static class RunProgram
{
    public static int Main(string[] args)
    {
        if (args.Length != 1)
        {
            Console.Error.WriteLine("usage: runprogram MODEL.pte");
            return 2;
        }
        try
        {
            Run(args[0]);
            return 0;
        }
        catch (Exception e) when (e is ModelFormatException or ExecuTorchException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static void Run(string path)
    {
        using var program = Program.Load(path);
        using var method = program.LoadMethod();
        for (int i = 0; i < method.InputCount; i++)
        {
            var input = method.GetInput(i);
            if (input is { Tag: Tag.Tensor } && input.AsTensor() is { Type: ScalarType.Float } tensor)
            {
                var ones = new float[tensor.Numel];
                Array.Fill(ones, 1);
                method.SetInput<float>(i, ones);
            }
            else
            {
                method.SetInput(i, input);
            }
        }
        method.Execute();
        for (int i = 0; i < method.OutputCount; i++)
        {
            var output = method.GetOutput(i);
            string text = output is { Tag: Tag.Tensor } && output.AsTensor().Type == ScalarType.Float
                ? string.Join(", ", method.GetOutput<float>(i)[..(int)Math.Min(4, output.AsTensor().Numel)].ToArray().Select(v => v.ToString("G6", CultureInfo.InvariantCulture)))
                : output.ToString();
            Console.WriteLine($"output {i}: {text}");
        }
    }
}
