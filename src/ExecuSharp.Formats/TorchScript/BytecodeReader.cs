using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;

namespace ExecuSharp.Formats.TorchScript;

/// <summary>Reads <c>bytecode.pkl</c>: (version, (name, (instructions, operators, constants, types, register_size), schema), …).</summary>
internal static class BytecodeReader
{
    private const int MaxRegisters = 1 << 20;

    public static (long Version, IReadOnlyDictionary<string, BytecodeFunction> Functions) Read(PickleValue root)
    {
        var items = root.AsSequence;
        if (items is not [PickleInt { Value: >= 3 and <= 9 } version, ..])
            throw new ModelFormatException("bytecode.pkl", "a tuple with a version from 3 to 9 and methods", items is [PickleInt other, ..] ? $"version {other.Value}" : root.ToString());
        var functions = new Dictionary<string, BytecodeFunction>(StringComparer.Ordinal);
        foreach (var method in items.Skip(1))
        {
            var function = Function(method);
            functions[function.Name] = function;
        }
        return (version.Value, functions);
    }

    private static BytecodeFunction Function(PickleValue method)
    {
        if (method.AsSequence is not [PickleString { Value: var name }, var code, ..] items)
            throw new ModelFormatException("bytecode.pkl", "a method as (name, code)", method.ToString());
        var parts = Table(code, name);
        var instructions = Sequence(parts, "instructions", name).Select(i => Instruction(i, name)).ToArray();
        var operators = Sequence(parts, "operators", name).Select(o => Operator(o, name)).ToArray();
        var types = Sequence(parts, "types", name).Select(t => t.AsString ?? throw Wrong(name, "a type as text", t)).ToArray();
        long registers = parts.GetValueOrDefault("register_size")?.AsInt ?? throw Wrong(name, "register_size", code);
        if (registers is < 0 or > MaxRegisters)
            throw new ModelFormatException($"bytecode.pkl, {name}", $"0 to {MaxRegisters} registers", registers.ToString());
        return new BytecodeFunction(name, instructions, operators, Sequence(parts, "constants", name), types, (int)registers, items.Count > 2 ? Parameters(items[2], name) : null);
    }

    private static BytecodeParameter[]? Parameters(PickleValue schema, string name)
    {
        if (schema is PickleNone || schema.AsSequence is null or [])
            return null;
        return [.. Sequence(Table(schema, name), "arguments", name).Select(a =>
        {
            var fields = Table(a, name);
            return new BytecodeParameter(
                fields.GetValueOrDefault("name")?.AsString ?? throw Wrong(name, "a parameter with a name", a),
                fields.GetValueOrDefault("type")?.AsString ?? "",
                fields.GetValueOrDefault("default_value") ?? throw Wrong(name, "a parameter with a default", a));
        })];
    }

    private static Dictionary<string, PickleValue> Table(PickleValue value, string name)
    {
        var table = new Dictionary<string, PickleValue>(StringComparer.Ordinal);
        foreach (var item in value.AsSequence ?? throw Wrong(name, "a table", value))
        {
            if (item.AsSequence is not [PickleString key, var content])
                throw Wrong(name, "a pair of name and value", item);
            table[key.Value] = content;
        }
        return table;
    }

    private static IReadOnlyList<PickleValue> Sequence(Dictionary<string, PickleValue> parts, string key, string name) =>
        parts.GetValueOrDefault(key)?.AsSequence ?? throw new ModelFormatException($"bytecode.pkl, {name}", $"a sequence '{key}'", "none");

    private static BytecodeInstruction Instruction(PickleValue value, string name) => value.AsSequence switch
    {
        [PickleString op, PickleInt { Value: >= int.MinValue and <= int.MaxValue } x, PickleInt { Value: >= 0 and <= int.MaxValue } n] => new((op.Value), (int)x.Value, (int)n.Value),
        _ => throw Wrong(name, "an instruction (name, X, N)", value),
    };

    private static BytecodeOperator Operator(PickleValue value, string name) => value.AsSequence switch
    {
        [PickleString op, PickleString overload] => new(op.Value, overload.Value, null),
        [PickleString op, PickleString overload, PickleInt { Value: >= 0 and <= 255 } n] => new(op.Value, overload.Value, (int)n.Value),
        [PickleString op, PickleString overload, _] => new(op.Value, overload.Value, null),
        _ => throw Wrong(name, "an operator (name, overload, arguments)", value),
    };

    private static ModelFormatException Wrong(string name, string expected, PickleValue found) => new($"bytecode.pkl, {name}", expected, found.ToString());
}
