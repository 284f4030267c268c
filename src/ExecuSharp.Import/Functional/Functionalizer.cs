using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Decompositions;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.Functional;

/// <summary>
/// Writes calls of a program with views and in-place operators as calls without side effects. A write to a view puts the new content back into
/// what the view was taken from; other views of it are taken again when they are next read.
/// </summary>
/// <param name="builder">Where the calls go.</param>
/// <param name="operators">The operator table.</param>
public sealed class Functionalizer(IGraphBuilder builder, OperatorTable operators)
{
    /// <summary>A tensor object with memory of its own.</summary>
    public static TensorHandle Own(Value value) => new(new TensorView(new TensorMemory(value)));

    /// <summary>A tensor's content now.</summary>
    public Value Read(TensorHandle tensor) => tensor.View.Read(builder);

    /// <summary>The content of all the memory behind a tensor.</summary>
    public Value ReadMemory(TensorHandle tensor) => tensor.View.Storage.Content;

    /// <summary>Replaces a tensor's content.</summary>
    public void Write(TensorHandle tensor, Value value) => tensor.View.Write(builder, value);

    /// <summary>True if a call may give a view of its first argument, or writes and returns it.</summary>
    public static bool MayAlias(string op) => ViewOperators.KindOf(op) != ViewKind.None || InPlaceOperators.Functional(op) is not null;

    /// <summary>True if a call writes its first argument.</summary>
    public static bool WritesFirst(string op) => InPlaceOperators.Functional(op) is { } functional && !InPlaceOperators.ChangesView(functional);

    /// <summary>The positions of arguments other than the first that a call writes.</summary>
    public static IEnumerable<int> WrittenArguments(string op, IReadOnlyList<Argument> args) =>
        InPlaceOperators.Updating(op, IsTraining(args)) is { } update ? update.Writes.Select(w => w.Argument) : [];

    /// <summary>Calls an operator.</summary>
    /// <param name="op">Name in ATen, also of a view or in-place operator.</param>
    /// <param name="args">Arguments in schema order with the tensors' contents.</param>
    /// <param name="handles">The tensor objects behind the arguments, null for others.</param>
    /// <exception cref="UnsupportedModelException">No such operator.</exception>
    /// <exception cref="InvalidOperationException">The arguments do not fit, or the call cannot be written without side effects.</exception>
    public IReadOnlyList<FunctionalResult> Call(string op, IReadOnlyList<Argument> args, IReadOnlyList<TensorHandle?> handles)
    {
        if (InPlaceOperators.Updating(op, IsTraining(args)) is { } update)
            return CallUpdating(update.Functional, update.Writes, args, handles);
        var self = handles.Count > 0 ? handles[0] : null;
        if (self is not null && InPlaceOperators.Functional(op) is { } functional)
            return [new FunctionalResult(InPlace(functional, self, args, handles), null)];
        if (self is not null && ViewOperators.KindOf(op) is not ViewKind.None)
            return [.. View(op, self, args).Select(v => new FunctionalResult(new TensorHandle(v), null))];
        return [.. NumberOperands.Call(builder, operators, op, args).Select(Result)];
    }

    private static FunctionalResult Result(Value value) => value.Kind == ValueKind.Tensor ? new FunctionalResult(Own(value), null) : new FunctionalResult(null, value);

    private static bool IsTraining(IReadOnlyList<Argument> args) => args.Count > 5 && args[5].IsBool && args[5].AsBool();

    private TensorView[] View(string op, TensorHandle self, IReadOnlyList<Argument> args)
    {
        var complete = operators.Find(op) is { } definition ? GraphBuilder.Complete(definition, args) : [.. args];
        var parent = self.View;
        var parentValue = parent.Read(builder);
        var values = builder.CallMany(op, complete);
        bool copies = (ViewOperators.CopiesIfStrided(op) && !parent.IsContiguous)
            || ViewOperators.AlwaysCopies(op, complete)
            || (values.Length > 0 && values[0].Spec.Type != parentValue.Spec.Type);
        var views = new TensorView[values.Length];
        for (int i = 0; i < views.Length; i++)
            views[i] = copies
                ? new TensorView(new TensorMemory(values[i]))
                : new TensorView(parent, new ViewStep(op, complete, i), values[i],
                    parent.IsContiguous && ViewOperators.StaysContiguous(op, complete, parentValue.Spec, values[i].Spec));
        return views;
    }

    private TensorHandle InPlace(string functional, TensorHandle self, IReadOnlyList<Argument> args, IReadOnlyList<TensorHandle?> handles)
    {
        if (functional is "aten::requires_grad" or "aten::detach")
            return self;
        if (functional is "aten::set.source_Tensor" && handles[1] is { } source)
        {
            self.View = source.View;
            return self;
        }
        if (InPlaceOperators.ChangesView(functional))
        {
            string op = functional == "aten::transpose" ? "aten::transpose.int" : functional;
            self.View = View(op, self, args)[0];
            return self;
        }
        var current = self.View.Read(builder);
        var result = functional switch
        {
            "aten::zero" => builder.Call("aten::full_like", current, 0, current.Spec.Type),
            "aten::copy" => args[1].AsValue(),
            _ => NumberOperands.Call(builder, operators, functional, args)[0],
        };
        Write(self, Fit(result, current));
        return self;
    }

    private IReadOnlyList<FunctionalResult> CallUpdating(string functional, (int Argument, int Result)[] writes, IReadOnlyList<Argument> args, IReadOnlyList<TensorHandle?> handles)
    {
        var definition = operators.Find(functional)!;
        var results = builder.CallMany(functional, [.. args.Take(definition.Schema.Arguments.Count)]);
        foreach (var (argument, result) in writes)
            if (argument < handles.Count && handles[argument] is { } handle && result < results.Length)
                Write(handle, results[result]);
        return [.. results.Take(writes.Min(w => w.Result)).Select(Result)];
    }

    /// <summary>The result in the type and sizes of what it replaces.</summary>
    private Value Fit(Value result, Value target)
    {
        if (result.Spec.Type != target.Spec.Type)
            result = builder.Call("aten::_to_copy", result, target.Spec.Type);
        if (result.Spec.Rank == target.Spec.Rank && result.Spec.Sizes.Zip(target.Spec.Sizes).All(p => p.First.Value == p.Second.Value))
            return result;
        return builder.Call("aten::expand_copy", result, Enumerable.Range(0, target.Spec.Rank).Select(d => builder.SizeOf(target, d)).ToArray());
    }
}
