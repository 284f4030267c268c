using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.XnnPack;

/// <summary>Runs a program that the official runtime refuses.</summary>
public static class RefusalRunner
{
    /// <summary>What differs from the recorded refusal, or null.</summary>
    public static string? Run(byte[] file, JsonElement entry, RuntimeOptions options)
    {
        string wanted = $"{entry.GetProperty("stage").GetString()} {entry.GetProperty("code").GetInt32()}";
        string stage = "load program";
        try
        {
            using var program = Program.Load(file, options);
            stage = "load method";
            using var method = program.LoadMethod(program.MethodNames[0]);
            stage = "execute";
            foreach (var inputs in entry.GetProperty("inputs").EnumerateArray())
            {
                int i = 0;
                foreach (var input in inputs.EnumerateArray())
                    method.SetInput(i++, Zeros(input));
                method.Execute();
            }
            return $"expected {wanted}, it ran";
        }
        catch (ExecuTorchException e)
        {
            string found = $"{stage} {(int)e.Code}";
            return found == wanted ? null : $"expected {wanted}, found {found}: {e.Message}";
        }
        catch (ModelFormatException e)
        {
            return $"expected {wanted}, found a format error at {stage}: {e.Message}";
        }
    }

    private static Tensor Zeros(JsonElement input) => Tensor.Empty(
        input[1].GetString() switch
        {
            "float32" => ScalarType.Float,
            "float16" => ScalarType.Half,
            "bfloat16" => ScalarType.BFloat16,
            "int8" => ScalarType.Char,
            "uint8" => ScalarType.Byte,
            "int32" => ScalarType.Int,
            var other => throw new NotSupportedException(other),
        },
        [.. input[0].EnumerateArray().Select(d => d.GetInt32())]);
}
