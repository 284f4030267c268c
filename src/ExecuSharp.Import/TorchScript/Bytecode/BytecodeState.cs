using ExecuSharp.Core;
using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Bytecode;

/// <summary>Stack and registers of a running method.</summary>
/// <param name="place">The method, for errors.</param>
/// <param name="registers">Number of registers.</param>
internal sealed class BytecodeState(string place, int registers)
{
    public List<ScriptValue> Stack { get; private init; } = [];

    // register 0 is never used; numbers start at 1
    public ScriptValue?[] Registers { get; private init; } = new ScriptValue?[registers + 2];

    public BytecodeState Copy() => new(place, registers) { Stack = [.. Stack], Registers = [.. Registers] };

    public void Push(ScriptValue value) => Stack.Add(value);

    public ScriptValue Pop()
    {
        Need(1);
        var value = Stack[^1];
        Stack.RemoveAt(Stack.Count - 1);
        return value;
    }

    /// <summary>The last values of the stack, in order.</summary>
    public ScriptValue[] Pop(int count)
    {
        Need(count);
        var values = Stack.GetRange(Stack.Count - count, count).ToArray();
        Stack.RemoveRange(Stack.Count - count, count);
        return values;
    }

    public ScriptValue Load(int register) => At(register) ?? throw Broken($"a value in register {register}", "none");

    public void Store(int register, ScriptValue? value)
    {
        At(register);
        Registers[register] = value;
    }

    public ModelFormatException Broken(string expected, string found) => new($"bytecode.pkl, {place}", expected, found);

    private ScriptValue? At(int register) =>
        register >= 0 && register < Registers.Length ? Registers[register] : throw Broken($"a register below {Registers.Length}", register.ToString());

    private void Need(int count)
    {
        if (count < 0 || count > Stack.Count)
            throw Broken($"{count} values on the stack", Stack.Count.ToString());
    }
}
