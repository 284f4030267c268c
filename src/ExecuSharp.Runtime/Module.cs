using ExecuSharp.Core;

namespace ExecuSharp.Runtime;

/// <summary>A program with its methods loaded on first use: the shortest way to run a model. Not safe for concurrent use.</summary>
/// <example><code>
/// using var module = Module.Load("model.pte");
/// Tensor scores = module.Forward(Tensor.From&lt;float&gt;(pixels, 1, 3, 224, 224))[0].AsTensor();
/// </code></example>
public sealed class Module : IDisposable
{
    private readonly Dictionary<string, Method> methods = new(StringComparer.Ordinal);

    /// <summary>Wraps a program, which is disposed with the module.</summary>
    public Module(Program program) => Program = program;

    /// <summary>The program.</summary>
    public Program Program { get; }

    /// <summary>Names of the methods.</summary>
    public IReadOnlyList<string> MethodNames => Program.MethodNames;

    /// <summary>Loads a file.</summary>
    /// <exception cref="ModelFormatException">The file is missing or broken.</exception>
    public static Module Load(string path, RuntimeOptions? options = null, params string[] dataPaths) => new(Program.Load(path, options, dataPaths));

    /// <summary>The loaded method; loads it on first use.</summary>
    /// <exception cref="ExecuTorchException">See <see cref="Program.LoadMethod"/>.</exception>
    public Method Method(string? name = null)
    {
        name = Program.Find(name).Name;
        if (!methods.TryGetValue(name, out var method))
            methods.Add(name, method = Program.LoadMethod(name));
        return method;
    }

    /// <summary>Runs <c>forward</c>. Outputs are valid until the next run.</summary>
    public EValue[] Forward(params Tensor[] inputs) => Execute("forward", inputs);

    /// <summary>Runs a method. Outputs are valid until its next run.</summary>
    public EValue[] Execute(string method, params Tensor[] inputs) => Execute(method, Array.ConvertAll(inputs, EValue.Of), CancellationToken.None);

    /// <summary>Runs a method with inputs of any kind. Outputs are valid until its next run.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EValue[] Execute(string method, IReadOnlyList<EValue> inputs, CancellationToken cancellation) => Method(method).Execute(inputs, cancellation);

    /// <summary>Frees methods and program.</summary>
    public void Dispose()
    {
        foreach (var method in methods.Values)
            method.Dispose();
        methods.Clear();
        Program.Dispose();
    }
}
