using System.Runtime.CompilerServices;
using ExecuSharp.Formats.TorchScript;
using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Source;

/// <summary>Evaluates expressions of the source language.</summary>
internal sealed class ExpressionEvaluator
{
    private readonly SourceProgram program;
    private readonly CallEvaluator calls;

    public ExpressionEvaluator(SourceProgram program)
    {
        this.program = program;
        calls = new CallEvaluator(program, this);
    }

    public ScriptValue Evaluate(ScriptExpression expression, SourceFrame frame)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (expression)
        {
            case ScriptExpression.Literal literal:
                return literal.Value switch
                {
                    null => ScriptValue.None,
                    bool b => b,
                    long i => i,
                    double d => d,
                    var text => (string)text,
                };
            case ScriptExpression.Name name:
                return frame.Variables.TryGetValue(name.Text, out var variable) ? variable : throw new InvalidOperationException($"the variable {name.Text} has no value");
            case ScriptExpression.ListOf list:
                return new ScriptValue.List(list.Items.Select(i => Evaluate(i, frame)).ToArray());
            case ScriptExpression.TupleOf tuple:
                return new ScriptValue.Tuple([.. tuple.Items.Select(i => Evaluate(i, frame))]);
            case ScriptExpression.DictOf dict:
                var made = new ScriptValue.Dict();
                foreach (var (key, value) in dict.Items)
                    made.Items.Add(new(Evaluate(key, frame), Evaluate(value, frame)));
                return made;
            case ScriptExpression.Negate negate:
                return program.Caller.One("aten::neg", Evaluate(negate.Operand, frame));
            case ScriptExpression.Subscript subscript:
                return program.Caller.One("aten::__getitem__", Evaluate(subscript.Owner, frame), Evaluate(subscript.Index, frame));
            case ScriptExpression.Attribute attribute:
                return Attribute(attribute, frame);
            default:
                return calls.Call((ScriptExpression.Call)expression, frame);
        }
    }

    private ScriptValue Attribute(ScriptExpression.Attribute attribute, SourceFrame frame)
    {
        if (attribute.Dotted() is { } dotted)
        {
            if (dotted.StartsWith("__torch__.", StringComparison.Ordinal))
                return new ScriptValue.Callable(dotted);
            if (dotted.StartsWith("CONSTANTS.c", StringComparison.Ordinal) && int.TryParse(dotted.AsSpan("CONSTANTS.c".Length), out int index))
                return program.Constant(index);
            if (dotted is "torch.inf" or "math.inf")
                return double.PositiveInfinity;
            if (dotted is "torch.nan" or "math.nan")
                return double.NaN;
        }
        return Member(Evaluate(attribute.Owner, frame), attribute.Member);
    }

    /// <summary>An attribute of a value.</summary>
    public ScriptValue Member(ScriptValue owner, string name)
    {
        switch (owner)
        {
            case ScriptValue.Object o:
                return o.Attributes.GetValueOrDefault(name) ?? program.ClassConstant(o, name) ?? throw new InvalidOperationException($"{o.Type} has no attribute {name}");
            case ScriptValue.Tuple { Names: { } names } tuple when names.ToList().IndexOf(name) is >= 0 and var at && at < tuple.Items.Count:
                return tuple.Items[at];
            case ScriptValue.Tensor or ScriptValue.UnknownInput:
                return program.Caller.One("aten::" + name, owner);
            default:
                throw new InvalidOperationException($"a {owner.Kind()} has no attribute {name}");
        }
    }
}
