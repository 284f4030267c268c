using ExecuSharp.Core;
using ExecuSharp.Formats.TorchScript;
using ExecuSharp.Import.TorchScript.Operators;
using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Bytecode;

/// <summary>Instructions without jumps.</summary>
internal sealed class InstructionSet(BytecodeProgram program, BytecodeFunction function, OperatorCaller caller, ScriptValue[] constants)
{
    public void Execute(BytecodeState state, BytecodeInstruction i)
    {
        if (Move(state, i) || Construct(state, i))
            return;
        switch (i.Op)
        {
            case "OP":
                Operator(state, i.X, null);
                break;
            case "OPN":
                Operator(state, i.X, i.N);
                break;
            case "INTERFACE_CALL":
                InterfaceCall(state, i);
                break;
            case "GET_ATTR":
                state.Push(Attribute(state, i.X));
                break;
            case "SET_ATTR":
                var value = state.Pop();
                if (state.Pop() is not ScriptValue.Object owner || i.X is < 0 or > 100_000)
                    throw state.Broken("an object with attributes", "another value");
                owner.Set(i.X, value);
                break;
            case "RAISE_EXCEPTION":
                throw new ScriptRaisedException(string.Join(" ", state.Stack.TakeLast(2).Select(ScriptValues.Write)));
            case "WARN":
                state.Pop(Math.Min(2, state.Stack.Count));
                break;
            case "ISINSTANCE":
                state.Push(ScriptValues.IsInstance(state.Pop(), function.Types.Skip(i.X).Take(i.N)));
                break;
            case "FORMAT":
                Call(state, "aten::format", i.X);
                break;
            case "DIM" or "DTYPE" or "DEVICE":
                Call(state, "aten::" + i.Op.ToLowerInvariant(), 1);
                break;
            case "__NOT__" or "__IS__" or "__ISNOT__":
                Call(state, "aten::" + i.Op.ToLowerInvariant(), i.Op == "__NOT__" ? 1 : 2);
                break;
            case "NUM_TO_TENSOR":
                Call(state, "aten::NumToTensor", 1);
                break;
            case "TO_LIST":
                throw new InvalidOperationException("a tensor as a list is not supported");
            default:
                throw new UnsupportedModelException(function.Name, [new UnsupportedItem($"instruction {i.Op}", function.Name, "the lite interpreter's instruction is not known")]);
        }
    }

    private bool Move(BytecodeState state, BytecodeInstruction i)
    {
        switch (i.Op)
        {
            case "LOAD":
                state.Push(state.Load(i.X));
                return true;
            case "MOVE":
                state.Push(state.Load(i.X));
                state.Store(i.X, null);
                return true;
            case "STORE":
                state.Store(i.X, state.Pop());
                return true;
            case "STOREN":
                var values = state.Pop(i.N);
                for (int k = 0; k < values.Length; k++)
                    state.Store(i.X + k, values[k]);
                return true;
            case "DROP":
                state.Pop();
                return true;
            case "DROPR":
                state.Store(i.X, null);
                return true;
            case "LOADC":
                state.Push(i.X >= 0 && i.X < constants.Length ? constants[i.X] : throw state.Broken($"a constant below {constants.Length}", i.X.ToString()));
                return true;
            case "UN_INITIALIZED":
                state.Push(new ScriptValue.Uninitialized());
                return true;
            default:
                return false;
        }
    }

    private static bool Construct(BytecodeState state, BytecodeInstruction i)
    {
        switch (i.Op)
        {
            case "LIST_CONSTRUCT":
                state.Push(new ScriptValue.List(state.Pop(i.N)));
                return true;
            case "LIST_UNPACK":
                Spread(state, state.Pop(), i.X);
                return true;
            case "TUPLE_CONSTRUCT":
                state.Push(new ScriptValue.Tuple(state.Pop(i.X)));
                return true;
            case "NAMED_TUPLE_CONSTRUCT":
                state.Push(new ScriptValue.Tuple(state.Pop(i.N)));
                return true;
            case "TUPLE_SLICE":
                var items = state.Pop().Elements();
                state.Push(new ScriptValue.Tuple([.. items.Skip(i.X).Take(i.N - i.X)]));
                return true;
            case "TUPLE_INDEX":
                var index = state.Pop();
                var tuple = state.Pop().Elements();
                long at = index.Int() < 0 ? index.Int() + tuple.Count : index.Int();
                state.Push(at >= 0 && at < tuple.Count ? tuple[(int)at] : throw state.Broken($"an index below {tuple.Count}", at.ToString()));
                return true;
            case "DICT_CONSTRUCT":
                var pairs = state.Pop(i.N);
                var dict = new ScriptValue.Dict();
                for (int k = 0; k + 1 < pairs.Length; k += 2)
                    dict.Items.Add(new(pairs[k], pairs[k + 1]));
                state.Push(dict);
                return true;
            default:
                return false;
        }
    }

    private static void Spread(BytecodeState state, ScriptValue list, int count)
    {
        var items = list.Elements();
        if (items.Count != count)
            throw new InvalidOperationException($"a list of {items.Count} is taken apart into {count}");
        state.Stack.AddRange(items);
    }

    private void Call(BytecodeState state, string name, int count)
    {
        foreach (var result in caller.Call(name, null, state.Pop(count), []))
            state.Push(result);
    }

    private void Operator(BytecodeState state, int index, int? given)
    {
        if (index < 0 || index >= function.Operators.Count)
            throw state.Broken($"an operator below {function.Operators.Count}", index.ToString());
        var op = function.Operators[index];
        int count = given ?? op.Arguments ?? OldSchemas.ArgumentCount(op.Name, op.Overload);
        caller.Context.Builder.Name = op.Name[(op.Name.IndexOf("::", StringComparison.Ordinal) + 2)..];
        var args = state.Pop(count);
        foreach (var result in caller.Call(op.Name, op.Overload, args, []))
            state.Push(result);
    }

    private void InterfaceCall(BytecodeState state, BytecodeInstruction i)
    {
        string method = i.X >= 0 && i.X < constants.Length && constants[i.X].Text() is { } text ? text : throw state.Broken("a method name", i.X.ToString());
        var args = state.Pop(i.N);
        if (args is not [ScriptValue.Object owner, ..])
            throw state.Broken("an object with methods", "another value");
        if (owner.State is not null && method == "unpack")
        {
            var weights = PackedWeights.Open(caller.Context, owner);
            state.Push(new ScriptValue.Tuple([weights.Weight, weights.Bias]));
        }
        else
            state.Push(program.Run(owner, method, args[1..]));
    }

    private static ScriptValue Attribute(BytecodeState state, int slot) => state.Pop() switch
    {
        ScriptValue.Object o when slot >= 0 && slot < o.Slots.Count && o.Slots[slot] is { } value => value,
        ScriptValue.Object o => throw state.Broken($"an attribute {slot} of {o.Type}", "none"),
        _ => throw state.Broken("an object with attributes", "another value"),
    };
}
