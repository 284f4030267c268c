using System.Runtime.CompilerServices;
using ExecuSharp.Formats.TorchScript;
using ExecuSharp.Import.TorchScript.Operators;
using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript.Bytecode;

/// <summary>Executes the instructions of one method (torch/csrc/jit/runtime/instruction.h).</summary>
internal sealed class BytecodeExecutor(BytecodeProgram program, BytecodeFunction function, OperatorCaller caller, ScriptValue[] constants)
{
    private const int MaxCalls = 100;

    private readonly InstructionSet instructions = new(program, function, caller, constants);
    private int depth;

    public ScriptValue Run(IReadOnlyList<ScriptValue> args)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (++depth > MaxCalls)
            throw new InvalidOperationException($"more than {MaxCalls} calls of {function.Name} inside each other");
        var state = new BytecodeState(function.Name, function.RegisterSize);
        state.Stack.AddRange(args);
        try
        {
            Run(state, 0, function.Instructions.Count);
        }
        finally
        {
            depth--;
        }
        return state.Stack.Count > 0 ? state.Pop() : ScriptValue.None;
    }

    /// <summary>Runs from one instruction to another, or to a return.</summary>
    private void Run(BytecodeState state, int at, int end)
    {
        while (at < end)
        {
            if (at < 0)
                throw state.Broken("a jump inside the method", at.ToString());
            var instruction = function.Instructions[at];
            caller.Context.Step();
            try
            {
                at = Step(state, instruction, at, ref end);
            }
            catch (Exception e) when (ScriptFailedException.CanLocate(e))
            {
                throw new ScriptFailedException($"{function.Name} instruction {at} ({instruction.Op})", e);
            }
        }
    }

    private int Step(BytecodeState state, BytecodeInstruction i, int at, ref int end)
    {
        switch (i.Op)
        {
            case "RET":
                end = at;
                return at;
            case "JMP":
                return checked(at + i.X);
            case "JF":
                return Branch(state, i, at, end);
            case "LOOP":
                return Loop(state, i, at);
            default:
                instructions.Execute(state, i);
                return at + 1;
        }
    }

    // on the stack: round, rounds, go on, carried values
    private int Loop(BytecodeState state, BytecodeInstruction i, int at)
    {
        var frame = state.Pop(i.N + 1);
        if (frame.Length < 3)
            throw state.Broken("a loop with a condition", $"{i.N} values");
        if (frame[2].Known() is not { } known || frame[1].Known() is null)
            return Dynamic(state, frame, i, at);
        long round = frame[0].Int();
        if (round < frame[1].Int() && ScriptValues.Number(known) != 0)
        {
            frame[2] = round;
            frame[0] = round + 1;
            state.Stack.AddRange(frame);
            return at + 1;
        }
        state.Stack.AddRange(frame.Skip(3));
        return checked(at + i.X);
    }

    /// <summary>A loop whose number of rounds is known only at run time: its body ends with a jump back.</summary>
    private int Dynamic(BytecodeState state, ScriptValue[] frame, BytecodeInstruction i, int at)
    {
        int end = checked(at + i.X);
        if (end <= at + 1 || end > function.Instructions.Count || function.Instructions[end - 1] is not { Op: "JMP", X: < 0 })
            throw new InvalidOperationException("a loop known only at run time without the form of a loop");
        bool bounded = frame[1].Known() is not { } most || ScriptValues.Number(most) < int.MaxValue;
        var limit = bounded ? caller.One("aten::NumToTensor", frame[1]) : frame[1];
        ScriptValue Test(ScriptValue[] v)
        {
            if (!bounded)
                return v[1];
            var more = caller.One("aten::gt", limit, caller.One("aten::NumToTensor", v[0]));
            return v[1].Known() is null ? caller.One("aten::logical_and", more, caller.One("aten::NumToTensor", v[1])) : more;
        }
        ScriptValue[] Body(ScriptValue[] v)
        {
            var inner = state.Copy();
            inner.Stack.AddRange([caller.One("aten::add", v[0], 1L), frame[1], v[0], .. v[2..]]);
            Run(inner, at + 1, end - 1);
            var after = inner.Pop(i.N + 1);
            return [after[0], .. after[2..]];
        }
        var results = Loops.While(caller, [frame[0], .. frame[2..]], Test, Body);
        state.Stack.AddRange(results[2..]);
        return end;
    }

    private int Branch(BytecodeState state, BytecodeInstruction i, int at, int end)
    {
        var (known, decider) = Conditions.Test(caller.Context, state.Pop());
        int otherwise = checked(at + i.X);
        if (known is { } taken)
            return taken ? at + 1 : otherwise;
        // the branch for true ends with a jump over the other
        if (otherwise <= at + 1 || otherwise > end || function.Instructions[otherwise - 1] is not { Op: "JMP", X: > 0 } jump || otherwise - 1 + jump.X > end)
            throw new InvalidOperationException("a condition known only at run time without the form of a branch");
        int join = otherwise - 1 + jump.X;
        if (Raises(at + 1, otherwise - 1))
            return otherwise;
        if (Raises(otherwise, join))
            return at + 1;
        Both(state, decider!, (at + 1, otherwise - 1), (otherwise, join));
        return join;
    }

    private bool Raises(int from, int to)
    {
        for (int at = from; at < to && function.Instructions[at].Op is not ("JF" or "LOOP" or "JMP"); at++)
            if (function.Instructions[at].Op == "RAISE_EXCEPTION")
                return true;
        return false;
    }

    private void Both(BytecodeState state, Value decider, (int From, int To) first, (int From, int To) second)
    {
        BytecodeState? a = null, b = null;
        ScriptValue[] Values(BytecodeState s) => [.. s.Stack, .. s.Registers.Select(r => r ?? new ScriptValue.Uninitialized())];
        ScriptValue[] Take(ref BytecodeState? s, (int From, int To) range)
        {
            s = state.Copy();
            Run(s, range.From, range.To);
            return Values(s);
        }
        var results = Conditions.Both(caller.Context, decider, () => Take(ref a, first), () => Take(ref b, second));
        state.Stack.Clear();
        state.Stack.AddRange(results[..a!.Stack.Count]);
        for (int r = 0; r < state.Registers.Length; r++)
            state.Registers[r] = results[a.Stack.Count + r] is ScriptValue.Uninitialized ? null : results[a.Stack.Count + r];
    }
}
