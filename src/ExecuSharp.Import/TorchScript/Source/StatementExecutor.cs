using System.Runtime.CompilerServices;
using ExecuSharp.Formats.TorchScript;
using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript.Source;

/// <summary>Executes statements: conditions on known values are decided, loops unrolled.</summary>
internal sealed class StatementExecutor
{
    private readonly SourceProgram program;

    public StatementExecutor(SourceProgram program)
    {
        this.program = program;
        Expressions = new ExpressionEvaluator(program);
    }

    public ExpressionEvaluator Expressions { get; }

    private ScriptContext Context => program.Caller.Context;

    /// <summary>Runs statements until the end or a return.</summary>
    public void Run(IReadOnlyList<ScriptStatement> statements, SourceFrame frame)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (var statement in statements)
        {
            Context.Step();
            try
            {
                Run(statement, frame);
            }
            catch (Exception e) when (ScriptFailedException.CanLocate(e))
            {
                throw new ScriptFailedException($"{frame.Function} line {statement.Line}", e);
            }
            if (frame.Result is not null)
                return;
        }
    }

    private void Run(ScriptStatement statement, SourceFrame frame)
    {
        switch (statement)
        {
            case ScriptStatement.Assign assign:
                Assign(assign, frame);
                break;
            case ScriptStatement.Evaluate evaluate:
                Expressions.Evaluate(evaluate.Value, frame);
                break;
            case ScriptStatement.If condition:
                If(condition, frame);
                break;
            case ScriptStatement.While loop:
                While(loop, frame);
                break;
            case ScriptStatement.For loop:
                For(loop, frame);
                break;
            case ScriptStatement.With { Context: var context, Body: var body }:
                With(Expressions.Evaluate(context, frame), body, frame);
                break;
            case ScriptStatement.Return result:
                frame.Result = result.Value is null ? ScriptValue.None : Expressions.Evaluate(result.Value, frame);
                break;
            case ScriptStatement.Raise raise:
                throw new ScriptRaisedException(raise.Value is null ? "an exception" : ScriptValues.Write(Expressions.Evaluate(raise.Value, frame)));
        }
    }

    // Whether gradients are recorded changes no value.
    private void With(ScriptValue context, IReadOnlyList<ScriptStatement> body, SourceFrame frame)
    {
        if (context is not ScriptValue.Object { Type: var type } || !type.StartsWith("__torch__.torch.autograd.grad_mode.", StringComparison.Ordinal))
            throw new InvalidOperationException($"the context manager {(context as ScriptValue.Object)?.Type ?? "of another kind"} is not supported");
        Run(body, frame);
    }

    private void Assign(ScriptStatement.Assign assign, SourceFrame frame)
    {
        if (assign.Targets is [ScriptExpression.Name name] && !assign.Unpacks)
            Context.Builder.Name = name.Text;
        var value = Expressions.Evaluate(assign.Value, frame);
        if (!assign.Unpacks)
        {
            Store(assign.Targets[0], value, frame);
            return;
        }
        var items = value is ScriptValue.Tensor ? program.Caller.One("aten::unbind", value, 0L).Elements() : value.Elements();
        if (items.Count != assign.Targets.Count)
            throw new InvalidOperationException($"{items.Count} values for {assign.Targets.Count} variables");
        for (int i = 0; i < items.Count; i++)
            Store(assign.Targets[i], items[i], frame);
    }

    private void Store(ScriptExpression target, ScriptValue value, SourceFrame frame)
    {
        switch (target)
        {
            case ScriptExpression.Name name:
                frame.Variables[name.Text] = value;
                break;
            case ScriptExpression.Attribute attribute when Expressions.Evaluate(attribute.Owner, frame) is ScriptValue.Object owner:
                owner.Set(attribute.Member, value);
                break;
            case ScriptExpression.Subscript subscript:
                program.Caller.Call("aten::_set_item", null, [Expressions.Evaluate(subscript.Owner, frame), Expressions.Evaluate(subscript.Index, frame), value], []);
                break;
            default:
                throw new InvalidOperationException($"{target.TypeText()} cannot be assigned");
        }
    }

    private void While(ScriptStatement.While loop, SourceFrame frame)
    {
        while (frame.Result is null)
        {
            Context.Step();
            var test = Expressions.Evaluate(loop.Condition, frame);
            if (Conditions.Test(Context, test).Known is not { } known)
            {
                string[] names = Carried(loop.Body, frame);
                Dynamic(loop.Body, names, names, frame, f => Expressions.Evaluate(loop.Condition, f), _ => { });
                return;
            }
            if (!known)
                return;
            Run(loop.Body, frame);
        }
    }

    /// <summary>A loop over a range whose end is known only at run time.</summary>
    private void Count(ScriptStatement.For loop, string counter, ScriptValue end, SourceFrame frame)
    {
        // no name of the language
        const string Round = "#round", End = "#end";
        frame.Variables[Round] = 0L;
        frame.Variables[End] = program.Caller.One("aten::NumToTensor", end);
        string[] names = [Round, .. Carried(loop.Body, frame).Where(n => n != counter)];
        Dynamic(loop.Body, names, [.. names.Skip(1)], frame,
            f => program.Caller.One("aten::gt", f.Variables[End], program.Caller.One("aten::NumToTensor", f.Variables[Round])),
            f =>
            {
                f.Variables[counter] = f.Variables[Round];
                f.Variables[Round] = program.Caller.One("aten::add", f.Variables[Round], 1L);
            });
        frame.Variables.Remove(Round);
        frame.Variables.Remove(End);
    }

    private static string[] Carried(IReadOnlyList<ScriptStatement> body, SourceFrame frame)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Assigned(body, names);
        return [.. names.Where(n => frame.Variables.TryGetValue(n, out var v) && v is not ScriptValue.Uninitialized)];
    }

    private void Dynamic(IReadOnlyList<ScriptStatement> body, string[] names, string[] kept, SourceFrame frame, Func<SourceFrame, ScriptValue> condition, Action<SourceFrame> begin)
    {
        SourceFrame With(ScriptValue[] values)
        {
            var copy = frame.Copy();
            for (int i = 0; i < names.Length; i++)
                copy.Variables[names[i]] = values[i];
            return copy;
        }
        var results = Loops.While(program.Caller, [.. names.Select(n => frame.Variables[n])], values => condition(With(values)), values =>
        {
            var inner = With(values);
            begin(inner);
            Run(body, inner);
            return inner.Result is null ? [.. names.Select(n => inner.Variables[n])] : throw new InvalidOperationException("a return inside a loop known only at run time is not supported");
        });
        for (int i = 0; i < names.Length; i++)
            if (kept.Contains(names[i]))
                frame.Variables[names[i]] = results[i];
    }

    private void For(ScriptStatement.For loop, SourceFrame frame)
    {
        if (loop.Over is ScriptExpression.Call { Callee: ScriptExpression.Name { Text: "range" }, Arguments: [var last] } && loop.Target is ScriptExpression.Name counter
            && Expressions.Evaluate(last, frame) is ScriptValue.Literal { Value.IsValue: true } end)
        {
            Count(loop, counter.Text, end, frame);
            return;
        }
        var over = Expressions.Evaluate(loop.Over, frame);
        var items = over switch
        {
            ScriptValue.Tensor => program.Caller.One("aten::unbind", over, 0L).Elements(),
            ScriptValue.Dict dict => dict.Items.Select(i => i.Key).ToArray(),
            ScriptValue.Object container => container.Attributes.Values.Where(v => v is ScriptValue.Object).ToArray(),
            _ => over.Elements(),
        };
        foreach (var item in items.ToArray())
        {
            Context.Step();
            if (loop.Target is ScriptExpression.TupleOf targets)
                foreach (var (target, part) in targets.Items.Zip(item.Elements()))
                    Store(target, part, frame);
            else
                Store(loop.Target, item, frame);
            Run(loop.Body, frame);
            if (frame.Result is not null)
                return;
        }
    }

    private void If(ScriptStatement.If statement, SourceFrame frame)
    {
        var (known, decider) = Conditions.Test(Context, Expressions.Evaluate(statement.Condition, frame));
        if (known is { } taken)
            Run(taken ? statement.Then : statement.Else, frame);
        else if (Raises(statement.Then) || Raises(statement.Else))
            Run(Raises(statement.Then) ? statement.Else : statement.Then, frame);
        else
            Both(statement, decider!, frame);
    }

    // a check of the input that the converted program does not repeat
    private static bool Raises(IReadOnlyList<ScriptStatement> block) => block.Any(s => s is ScriptStatement.Raise
        || (s is ScriptStatement.Evaluate { Value: ScriptExpression.Call call } && call.Callee.Dotted() == "ops.prim.RaiseException"));

    private void Both(ScriptStatement.If statement, Value decider, SourceFrame frame)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Assigned(statement.Then, names);
        Assigned(statement.Else, names);
        string[] changed = [.. names];
        bool returned = false;
        ScriptValue[] Branch(IReadOnlyList<ScriptStatement> block)
        {
            var copy = frame.Copy();
            Run(block, copy);
            returned |= copy.Result is not null;
            return [.. changed.Select(n => copy.Variables.GetValueOrDefault(n) ?? new ScriptValue.Uninitialized()), copy.Result ?? new ScriptValue.Uninitialized()];
        }
        var results = Conditions.Both(Context, decider, () => Branch(statement.Then), () => Branch(statement.Else));
        for (int i = 0; i < changed.Length; i++)
            frame.Variables[changed[i]] = results[i];
        if (returned)
            frame.Result = results[^1];
    }

    private static void Assigned(IReadOnlyList<ScriptStatement> block, HashSet<string> names)
    {
        foreach (var statement in block)
        {
            if (statement is ScriptStatement.Assign assign)
                names.UnionWith(assign.Targets.OfType<ScriptExpression.Name>().Select(n => n.Text));
            else if (statement is ScriptStatement.If inner)
            {
                Assigned(inner.Then, names);
                Assigned(inner.Else, names);
            }
            else if (statement is ScriptStatement.For { Body: var body })
                Assigned(body, names);
            else if (statement is ScriptStatement.While { Body: var rounds })
                Assigned(rounds, names);
            else if (statement is ScriptStatement.With { Body: var scoped })
                Assigned(scoped, names);
        }
    }
}
