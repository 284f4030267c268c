using ExecuSharp.Core;
using ExecuSharp.Formats.Pt2;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Functional;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Pt2;

/// <summary>Translates one program: signature, weights, the top graph, mutations.</summary>
internal sealed class ProgramImporter(Pt2Model model, Pt2ImportOptions options, List<UnsupportedItem> problems)
{
    private readonly ExportedProgramRecord program = model.Program;
    private readonly GraphBuilder builder = new(options.MethodName);
    private readonly Dictionary<StoredTensor, Tensor> tensors = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, (TensorHandle Handle, Value Initial)> state = new(StringComparer.Ordinal);

    public Graph Import()
    {
        var symbols = new SymbolTable(program.RangeConstraints, options);
        var importer = new GraphImporter(builder, program.Graph, symbols, problems);
        var written = WrittenInputs.Find(program.Graph);
        foreach (var output in program.OutputSpecs)
            if (output is Pt2OutputSpec.BufferMutation buffer)
                written.UnionWith(program.InputSpecs.OfType<Pt2InputSpec.Buffer>().Where(b => b.TargetName == buffer.TargetName).Select(b => b.ArgumentName));
            else if (output is Pt2OutputSpec.ParameterMutation parameter)
                written.UnionWith(program.InputSpecs.OfType<Pt2InputSpec.Parameter>().Where(b => b.TargetName == parameter.TargetName).Select(b => b.ArgumentName));
        foreach (var input in program.InputSpecs)
            Input(input, importer, symbols, written);
        importer.Run();
        foreach (var output in program.OutputSpecs)
            Output(output, importer);
        foreach (var (handle, initial) in state.Values)
            if (handle.IsWritten && builder.Outputs.All(o => !ReferenceEquals(o.MutatedBuffer, initial)))
                builder.Mutate(initial, importer.Functional.ReadMemory(handle));
        builder.InputTree = TreeJson.Write(program.InputTree);
        builder.OutputTree = TreeJson.Write(program.OutputTree);
        return builder.Build();
    }

    private void Input(Pt2InputSpec input, GraphImporter importer, SymbolTable symbols, HashSet<string> written)
    {
        switch (input)
        {
            case Pt2InputSpec.UserInput { Argument: Pt2Argument.Tensor tensor }:
                var meta = importer.Meta(tensor.Name);
                Bind(importer, tensor.Name, builder.Input(tensor.Name, new TensorSpec(meta.Type, symbols.Sizes(meta.Sizes))));
                break;
            case Pt2InputSpec.UserInput user:
                Scalar(user.Argument, importer, symbols);
                break;
            case Pt2InputSpec.Parameter p:
                Weight(importer, p.ArgumentName, p.TargetName, written.Contains(p.ArgumentName));
                break;
            case Pt2InputSpec.Buffer b:
                Weight(importer, b.ArgumentName, b.TargetName, written.Contains(b.ArgumentName));
                break;
            case Pt2InputSpec.TensorConstant c:
                Weight(importer, c.ArgumentName, c.TargetName, written.Contains(c.ArgumentName));
                break;
            case Pt2InputSpec.ConstantInput c:
                Literal(c.Name, GraphImporter.Literal(c.Value) ?? Argument.None);
                break;
            case Pt2InputSpec.CustomObject c:
                problems.Add(new UnsupportedItem("an object of a registered class", c.TargetName, "only tensors and numbers can be inputs"));
                break;
        }
    }

    private void Scalar(Pt2Argument argument, GraphImporter importer, SymbolTable symbols)
    {
        if (argument is Pt2Argument.SymInt { Value.Name: { } name } && program.Graph.SymIntValues.TryGetValue(name, out var value))
        {
            var size = symbols.Size(value);
            if (size.IsStatic)
            {
                Literal(name, size.Value);
                importer.BindNumber(name, size.Value);
            }
            else
            {
                var number = builder.NewValue(name, ValueKind.Int, size);
                builder.AddInput(new GraphInput(number, name));
                importer.BindNumber(name, number);
            }
            return;
        }
        Literal("input", GraphImporter.Literal(argument) ?? Argument.None);
    }

    private void Literal(string name, Argument literal) =>
        builder.LiteralInput(name, literal.IsDouble ? ValueKind.Double : literal.IsBool ? ValueKind.Bool : ValueKind.Int, literal);

    private void Weight(GraphImporter importer, string argument, string target, bool mutable)
    {
        var stored = model.Find(target) ?? throw new ModelFormatException($"input {argument}", $"the data of '{target}'", "none");
        if (stored.Quantizer is not null || stored.Type.IsComplex() && mutable)
            problems.Add(new UnsupportedItem($"a {stored.Type.Name()} tensor", target, "eager quantized tensors cannot be exported"));
        if (!tensors.TryGetValue(stored, out var tensor))
            tensors.Add(stored, tensor = stored.ToTensor());
        Bind(importer, argument, mutable ? builder.Buffer(tensor, target) : builder.Constant(tensor, target));
    }

    private void Bind(GraphImporter importer, string name, Value value) => state[name] = (importer.BindTensor(name, value), value);

    private void Output(Pt2OutputSpec output, GraphImporter importer)
    {
        switch (output)
        {
            case Pt2OutputSpec.UserOutput { Argument: Pt2Argument.Unknown unknown }:
                throw new ModelFormatException("an output", "a tensor or a number", $"an argument of the kind {unknown.Kind}");
            case Pt2OutputSpec.UserOutput user:
                builder.Output(importer.Resolve(user.Argument), GraphImporter.NameOf(user.Argument) ?? "output");
                break;
            case Pt2OutputSpec.LossOutput loss:
                builder.Output(importer.Resolve(new Pt2Argument.Tensor(loss.ArgumentName)), loss.ArgumentName);
                break;
            case Pt2OutputSpec.BufferMutation b:
                Mutation(importer, b.ArgumentName, program.InputSpecs.OfType<Pt2InputSpec.Buffer>().FirstOrDefault(i => i.TargetName == b.TargetName)?.ArgumentName, b.TargetName);
                break;
            case Pt2OutputSpec.ParameterMutation p:
                Mutation(importer, p.ArgumentName, program.InputSpecs.OfType<Pt2InputSpec.Parameter>().FirstOrDefault(i => i.TargetName == p.TargetName)?.ArgumentName, p.TargetName);
                break;
            case Pt2OutputSpec.UserInputMutation u:
                Mutation(importer, u.ArgumentName, u.InputName, u.InputName);
                break;
            case Pt2OutputSpec.GradientToParameter g:
                problems.Add(new UnsupportedItem("a gradient output", g.ArgumentName, "training graphs cannot be imported"));
                break;
            case Pt2OutputSpec.GradientToUserInput g:
                problems.Add(new UnsupportedItem("a gradient output", g.ArgumentName, "training graphs cannot be imported"));
                break;
        }
    }

    private void Mutation(GraphImporter importer, string result, string? argument, string target)
    {
        if (argument is null || !state.TryGetValue(argument, out var entry))
            throw new ModelFormatException($"output {result}", $"an input that holds '{target}'", "none");
        builder.Mutate(entry.Initial, importer.Resolve(new Pt2Argument.Tensor(result)).AsValue());
    }
}
