using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Runtime;
using ExecuSharp.Tensors;

namespace ExecuSharp.Comparison;

/// <summary>A method of a program.</summary>
public sealed class ProgramExecutable : IExecutable
{
    private readonly Program program;
    private readonly List<int> tensorInputs = [];

    /// <summary>Loads a method.</summary>
    /// <exception cref="ExecuTorchException">The method cannot be loaded.</exception>
    public ProgramExecutable(Program program, string? method, string name)
    {
        this.program = program;
        Name = name;
        Method = program.LoadMethod(method);
        var specs = new List<TensorSpec>();
        for (int i = 0; i < Method.InputCount; i++)
        {
            if (Method.Records.Values[Method.Records.Inputs[i]] is not PteTensor t)
                continue;
            tensorInputs.Add(i);
            specs.Add(TensorSpec.Of(t.Type, [.. t.Sizes]) with { DimOrder = [.. t.DimOrder] });
        }
        Inputs = specs;
    }

    /// <summary>The loaded method.</summary>
    public Method Method { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>Sets the tensor inputs, given in contiguous order; numbers keep the program's value.</summary>
    public void SetInputs(IReadOnlyList<Tensor> inputs)
    {
        for (int i = 0; i < Method.InputCount; i++)
            if (Method.GetInput(i).Tag != Tag.Tensor)
                Method.SetInput(i, Method.GetInput(i));
        for (int i = 0; i < tensorInputs.Count; i++)
            Method.SetInput(tensorInputs[i], TensorFiles.InOrder(inputs[i], Inputs[i].DimOrder));
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs)
    {
        SetInputs(inputs);
        Method.Execute();
        return [.. Enumerable.Range(0, Method.OutputCount).Select(Method.GetOutput).Where(o => o.Tag == Tag.Tensor).Select(o => o.AsTensor().Clone())];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Method.Dispose();
        program.Dispose();
    }
}
