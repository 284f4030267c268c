using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.TorchScript;
using ExecuSharp.Graphs;
using ExecuSharp.Import.TorchScript.Bytecode;
using ExecuSharp.Import.TorchScript.Operators;
using ExecuSharp.Import.TorchScript.Source;
using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript;

/// <summary>One symbolic execution of a method.</summary>
/// <param name="archive">The file.</param>
/// <param name="options">Choices.</param>
/// <param name="found">Shapes of inputs that former runs found.</param>
/// <param name="mutable">Weights that former runs saw written.</param>
/// <param name="started">Empty states that former runs saw get these sizes; they begin as zeros of them.</param>
/// <param name="showStates">The states of <paramref name="started"/> become outputs too, to be compared.</param>
internal sealed class ImportRun(
    TorchScriptArchive archive, TorchScriptImportOptions options, IReadOnlyDictionary<int, TensorSpec> found, IReadOnlySet<string> mutable,
    IReadOnlyDictionary<string, TensorSpec> started, bool showStates)
{
    private readonly GraphBuilder builder = new(options.MethodName);

    /// <summary>Weights that the method writes and that are constants in this graph: the run must be repeated with them as buffers.</summary>
    public IReadOnlyList<string> NewlyMutable { get; private set; } = [];

    /// <summary>
    /// States that are empty before the call and not after it, as they are after it. They are the last outputs of this run's graph.
    /// </summary>
    public Dictionary<string, TensorSpec> NewlyStarted { get; } = new(StringComparer.Ordinal);

    public Graph Import()
    {
        var context = new ScriptContext(builder);
        var caller = new OperatorCaller(context);
        var loader = new ObjectLoader(context, mutable, started);
        ScriptValue Constant(int index) => index >= 0 && index < archive.Constants.Count
            ? loader.Load(archive.Constants[index], $"constant_{index}")
            : throw new ModelFormatException("code/", $"a constant below {archive.Constants.Count}", index.ToString());
        IScriptProgram program = archive.Functions is null
            ? new SourceProgram(archive, caller, Constant)
            : new BytecodeProgram(archive, caller, v => loader.Load(v, "constant"));
        loader.SetState = (made, state) =>
        {
            if (!program.Has(made, "__setstate__"))
                return false;
            program.Run(made, "__setstate__", [state]);
            return true;
        };
        try
        {
            Run(context, loader, program);
        }
        catch (Exception e) when (Problem(e) is { } problem)
        {
            throw new UnsupportedModelException(options.MethodName, [.. context.Problems.Count > 0 ? context.Problems.Distinct() : [problem]]);
        }
        return context.Problems.Count == 0 ? builder.Build() : throw new UnsupportedModelException(options.MethodName, [.. context.Problems.Distinct()]);
    }

    private static UnsupportedItem? Problem(Exception e) => e switch
    {
        ScriptFailedException { InnerException: ScriptRaisedException raised } failed => new UnsupportedItem("these inputs", failed.Where, $"the model raises: {raised.Message}"),
        ScriptFailedException failed => new UnsupportedItem("a step of the model", failed.Where, failed.Message),
        _ when ScriptFailedException.CanLocate(e) => new UnsupportedItem("the module", "data.pkl", e.Message),
        UnsupportedModelException unsupported => unsupported.Items.Count > 0 ? unsupported.Items[0] : null,
        _ => null,
    };

    private void Run(ScriptContext context, ObjectLoader loader, IScriptProgram program)
    {
        if (loader.Load(archive.Root, "") is not ScriptValue.Object module)
            throw new ModelFormatException("data.pkl", "a module", archive.Root.ToString());
        var parameters = program.Inputs(module, options.MethodName)
            ?? throw new ModelFormatException("the archive", $"the method {options.MethodName} of {module.Type}", "none");
        var inputs = new InputBinder(builder, options, options.InputShapes is null ? archive.TracedInputs(options.MethodName) : null, found);
        var result = program.Run(module, options.MethodName, inputs.Bind(parameters));
        int count = 0;
        Output(context, result, ref count);
        Mutations(context, loader, inputs);
    }

    private void Output(ScriptContext context, ScriptValue value, ref int count)
    {
        switch (value)
        {
            case ScriptValue.Tensor:
                var number = QuantizedTensors.Dequantize(context, value);
                builder.Output(context.Read((ScriptValue.Tensor)number), $"output_{count++}");
                break;
            case ScriptValue.Literal literal:
                builder.Output(literal.Value, $"output_{count++}");
                break;
            case ScriptValue.Dict dict:
                foreach (var (_, item) in dict.Items)
                    Output(context, item, ref count);
                break;
            default:
                foreach (var item in value.Elements())
                    Output(context, item, ref count);
                break;
        }
    }

    private void Mutations(ScriptContext context, ObjectLoader loader, InputBinder inputs)
    {
        var written = new List<string>();
        foreach (var (handle, value, name) in loader.Weights)
        {
            // an attribute may have got another tensor
            var replaced = loader.Attributes.Where(a => ReferenceEquals(a.Tensor.Handle, handle))
                .Select(a => a.Owner.Attributes.GetValueOrDefault(a.Attribute)).OfType<ScriptValue.Tensor>().FirstOrDefault(t => !ReferenceEquals(t.Handle, handle));
            if (replaced is null && !handle.IsWritten)
                continue;
            var now = replaced is null ? context.Functional.ReadMemory(handle) : context.Read(replaced);
            if (now.Spec.Sizes.SequenceEqual(value.Spec.Sizes))
                Write(value, now, name, written);
            else
                Resize(context, value, now, name);
        }
        foreach (var (value, handle) in inputs.Tensors)
            if (handle.IsWritten)
                builder.Mutate(value, context.Functional.ReadMemory(handle));
        NewlyMutable = written;
    }

    private void Write(Value state, Value now, string name, List<string> written)
    {
        if (!mutable.Contains(name) && !started.ContainsKey(name))
        {
            written.Add(name);
            return;
        }
        builder.Mutate(state, now);
        if (showStates && started.ContainsKey(name))
            builder.Output(now, name);
    }

    private void Resize(ScriptContext context, Value state, Value now, string name)
    {
        if (state.Spec.IsStatic && state.Spec.MaxSizes.Contains(0) && now.Spec.IsStatic)
        {
            NewlyStarted.Add(name, now.Spec);
            builder.Output(now, name);
        }
        else
        {
            context.Problems.Add(new UnsupportedItem($"the state {name}", options.MethodName, $"a call changes it from {state.Spec} to {now.Spec}; the state of a program keeps its sizes"));
        }
    }
}
