using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Graphs;
using ExecuSharp.Import.TorchScript;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Conformance.TorchScript;

/// <summary>Imports a file, executes its graph or the program that is made of it, and compares with recorded outputs.</summary>
internal static class TorchScriptRun
{
    /// <summary>Inputs and outputs of one recorded set.</summary>
    public sealed record Set(Tensor[] Inputs, Tensor[] Outputs);

    /// <summary>What is wrong, or null.</summary>
    public static string? Check(byte[] file, IReadOnlyList<Set> sets, double atol, double rtol, bool stateful = false, IReadOnlyDictionary<string, Argument>? scalars = null, CompileBackend? backend = null)
    {
        Func<Tensor[], EValue[]>? run = null;
        var loaded = new List<IDisposable>();
        try
        {
            string shapes = "";
            for (int s = 0; s < sets.Count; s++)
            {
                string now = string.Join(", ", sets[s].Inputs.Select(i => i.ToString()));
                if (run is null || (!stateful && now != shapes))
                {
                    var options = new TorchScriptImportOptions { InputShapes = [.. sets[s].Inputs.Select(TensorSpec.Of)], Scalars = scalars };
                    run = Executor(TorchScriptImporter.Import(file, options), backend, loaded);
                    shapes = now;
                }
                Tensor[] results = [.. run([.. sets[s].Inputs.Select(i => i.Clone())]).Where(r => r.Tag == Tag.Tensor).Select(r => r.AsTensor())];
                if (results.Length != sets[s].Outputs.Length)
                    return $"set {s}: {results.Length} outputs instead of {sets[s].Outputs.Length}";
                for (int i = 0; i < results.Length; i++)
                    if (Difference(sets[s].Outputs[i], results[i], atol, rtol) is { } difference)
                        return $"set {s} output {i}: {difference}";
            }
            return null;
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException or ExecuTorchException)
        {
            return e.Message;
        }
        finally
        {
            loaded.ForEach(l => l.Dispose());
        }
    }

    private static Func<Tensor[], EValue[]> Executor(Graph graph, CompileBackend? backend, List<IDisposable> loaded)
    {
        if (backend is not { } chosen)
        {
            var interpreter = new GraphInterpreter(graph, KernelContext.SingleThreaded());
            return inputs => interpreter.Run(inputs);
        }
        var program = Program.Load(PteCompiler.Compile([graph], new CompileOptions { Backend = chosen }, KernelContext.SingleThreaded()).ToBytes());
        var method = program.LoadMethod(graph.Name);
        loaded.AddRange([method, program]);
        return inputs => method.Execute([.. inputs.Select(EValue.Of)]);
    }

    /// <summary>The recorded sets of a file with <c>in.S.K</c> and <c>out.S.K</c>.</summary>
    public static List<Set> Sets(Dictionary<string, Tensor> io, int count) => [.. Enumerable.Range(0, count).Select(s => new Set(Part(io, $"in.{s}."), Part(io, $"out.{s}.")))];

    /// <summary>Tensors by prefix, ordered by the number behind it.</summary>
    public static Tensor[] Part(Dictionary<string, Tensor> io, string prefix) =>
        [.. io.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(t => int.Parse(t.Key[prefix.Length..])).Select(t => t.Value)];

    /// <summary>All tensors of a file.</summary>
    public static Dictionary<string, Tensor> Tensors(byte[] file)
    {
        using var reader = SafeTensorsFile.Parse(file);
        return reader.Names.ToDictionary(n => n, n => reader.GetTensor(n).Clone());
    }

    /// <summary>The first element that is too far off, or null.</summary>
    public static string? Difference(Tensor expected, Tensor actual, double atol, double rtol)
    {
        if (expected.Type != actual.Type || !expected.Sizes.SequenceEqual(actual.Sizes))
            return $"{actual} instead of {expected}";
        for (int i = 0; i < expected.Numel; i++)
        {
            double e = Element(expected, i), a = Element(actual, i);
            double allowed = expected.Type.IsFloating() ? atol + (rtol * Math.Abs(e)) : 0;
            if (e != a && !(double.IsNaN(e) && double.IsNaN(a)) && !(Math.Abs(e - a) <= allowed))
                return $"element {i} is {a} instead of {e}, {allowed} allowed";
        }
        return null;
    }

    private static double Element(Tensor t, int i) => t.Type switch
    {
        ScalarType.Float => t.Span<float>()[i],
        ScalarType.Double => t.Span<double>()[i],
        ScalarType.Half => (double)t.Span<Half>()[i],
        ScalarType.BFloat16 => (float)t.Span<BFloat16>()[i],
        ScalarType.Long => t.Span<long>()[i],
        ScalarType.Int => t.Span<int>()[i],
        ScalarType.Short => t.Span<short>()[i],
        ScalarType.Char => (sbyte)t.Bytes[i],
        _ => t.Bytes[i],
    };
}
