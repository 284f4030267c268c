using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Tests.Conformance.Operators;

/// <summary>The compile-time rules against the sizes and types that PyTorch gave the outputs in the recorded programs.</summary>
public class ShapeRuleTests
{
    [Fact]
    public void EveryRuleGivesTheRecordedOutputs()
    {
        int run = 0;
        var failures = new List<string>();
        using var archive = Corpus.Open("operators.zip");
        foreach (var entry in archive.Entries.Where(e => e.Name.EndsWith(".bpte", StringComparison.Ordinal)))
        {
            var (name, cases) = OperatorCase.Parse(Corpus.Read(archive, Path.ChangeExtension(entry.Name, ".json")));
            if (OperatorTable.Default.FindKernel(name) is not { Shape: not null, IsBuiltin: false } op)
                continue;
            var program = PteReader.Read(BundledProgramFile.Read(new ByteSource(Corpus.Read(archive, entry.Name))).Program);
            var usual = cases.Where(c => c.Status == 0 && IsUsual(c.Name)).Select(c => c.Name).ToHashSet();
            foreach (var method in program.Methods.Where(m => usual.Contains(m.Name)))
            {
                run++;
                if (Check(op, method) is { } failure)
                    failures.Add($"{name} {method.Name}: {failure}");
            }
        }
        Assert.True(run > 5000, $"{run} cases");
        Assert.True(failures.Count == 0, $"{failures.Count} of {run} rules differ:\n{string.Join('\n', failures.Take(100))}");
    }

    // Programs whose output was declared otherwise on purpose.
    private static bool IsUsual(string name) =>
        !name.StartsWith("out_", StringComparison.Ordinal) && !name.Contains("dynamic", StringComparison.Ordinal);

    private static string? Check(OperatorDefinition op, PteMethod method)
    {
        var call = method.Chains[0].Instructions.OfType<PteInstruction.KernelCall>().FirstOrDefault(c => method.Operators[c.OperatorIndex].Key == op.OutName);
        if (call is null)
            return null;
        var outs = Outputs(op, method, call);
        var args = new Argument[op.Schema.Arguments.Count];
        for (int i = 0, slot = 0; i < args.Length; i++)
        {
            var argument = op.Schema.Arguments[i];
            bool isGiven = op.Schema.KernelArguments.Contains(i);
            args[i] = isGiven
                ? ToArgument(method, method.Values[call.Args[slot++]], argument.Type)
                : argument.Name == "dtype" ? outs[0].Type : argument.Default ?? Argument.None;
        }
        try
        {
            var specs = op.Shape!(args);
            if (specs.Length != outs.Count)
                return $"{specs.Length} outputs, {outs.Count} recorded";
            for (int i = 0; i < specs.Length; i++)
                if (specs[i].Type != outs[i].Type || !specs[i].MaxSizes.AsSpan().SequenceEqual([.. outs[i].Sizes]))
                    return $"output {i} is {specs[i]}, {outs[i].Type}[{string.Join(", ", outs[i].Sizes)}] recorded";
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    private static List<PteTensor> Outputs(OperatorDefinition op, PteMethod method, PteInstruction.KernelCall call)
    {
        if (op.OutName == op.Name)
            return [(PteTensor)method.Values[call.Args[0]]];
        int first = op.Schema.KernelArguments.Count;
        return [.. Enumerable.Range(first, op.OutCount).SelectMany(i => method.Values[call.Args[i]] is PteValue.TensorList list
            ? list.Items.Select(t => (PteTensor)method.Values[t])
            : [(PteTensor)method.Values[call.Args[i]]])];
    }

    private static Argument ToArgument(PteMethod method, PteValue value, ArgumentType type) => value switch
    {
        PteValue.Int i when type == ArgumentType.ScalarType => (ScalarType)i.Value,
        PteValue.Int i => i.Value,
        PteValue.Bool b => b.Value,
        PteValue.Double d => d.Value,
        PteValue.String s => s.Value,
        PteValue.IntList l => (Argument)l.Items.Select(i => ToArgument(method, method.Values[(int)i], ArgumentType.Int)).ToArray(),
        PteValue.DoubleList l => l.Items.ToArray(),
        PteValue.BoolList l => (Argument)l.Items.Select(b => (Argument)b).ToArray(),
        PteValue.TensorList l => (Argument)l.Items.Select(i => ToArgument(method, method.Values[i], ArgumentType.Tensor)).ToArray(),
        PteValue.OptionalTensorList l => (Argument)l.Items.Select(i => i < 0 ? Argument.None : ToArgument(method, method.Values[i], ArgumentType.Tensor)).ToArray(),
        PteTensor t => new Value("t", TensorSpec.Of(t.Type, [.. t.Sizes]) with { DimOrder = [.. t.DimOrder] }),
        _ => Argument.None,
    };
}
