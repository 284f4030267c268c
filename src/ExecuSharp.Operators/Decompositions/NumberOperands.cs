using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Decompositions;

/// <summary>
/// PyTorch's operators take a number wherever they take a tensor. In a graph such a call is that of the operator's form for numbers
/// (<c>aten::add.Scalar</c>), or the number is a zero-dimensional constant, which promotes types as the number does.
/// </summary>
public static class NumberOperands
{
    /// <summary>Calls an operator whose tensor arguments may be numbers.</summary>
    /// <exception cref="Core.UnsupportedModelException">No such operator.</exception>
    /// <exception cref="InvalidOperationException">The arguments do not fit.</exception>
    public static Value[] Call(IGraphBuilder builder, OperatorTable operators, string op, IReadOnlyList<Argument> args)
    {
        if (operators.Find(op) is not { } definition)
            return builder.CallMany(op, [.. args]);
        var schema = definition.Schema.Arguments;
        if (!HasNumber(schema, args))
            return builder.CallMany(op, [.. args]);
        if (ScalarForm(op, operators, schema, args) is { } scalar)
            return builder.CallMany(scalar, [.. args]);
        var like = args.FirstOrDefault(Emit.IsTensor);
        var tensors = args.ToArray();
        for (int i = 0; i < tensors.Length; i++)
            if (schema[i].Type == ArgumentType.Tensor && IsNumber(tensors[i]))
                tensors[i] = builder.Number(tensors[i], like is null ? Core.ScalarType.Float : like.AsSpec().Type);
        return builder.CallMany(op, tensors);
    }

    private static bool HasNumber(IReadOnlyList<SchemaArgument> schema, IReadOnlyList<Argument> args)
    {
        for (int i = 0; i < args.Count && i < schema.Count; i++)
            if (schema[i].Type == ArgumentType.Tensor && IsNumber(args[i]))
                return true;
        return false;
    }

    private static string? ScalarForm(string op, OperatorTable operators, IReadOnlyList<SchemaArgument> schema, IReadOnlyList<Argument> args)
    {
        string? scalar = op switch
        {
            "aten::pow.Tensor_Tensor" when IsNumber(args[1]) => "aten::pow.Tensor_Scalar",
            "aten::pow.Tensor_Tensor" => "aten::pow.Scalar",
            "aten::div.Tensor_mode" when IsNumber(args[1]) => "aten::div.Scalar_mode",
            _ when op.EndsWith(".Tensor", StringComparison.Ordinal) && args.Count > 1 && IsNumber(args[1]) && schema[1].Type == ArgumentType.Tensor => op[..^".Tensor".Length] + ".Scalar",
            _ => null,
        };
        return scalar is not null && operators.Find(scalar) is not null ? scalar : null;
    }

    private static bool IsNumber(Argument argument) => argument.IsNumber || (argument.IsValue && argument.AsValue().Kind != ValueKind.Tensor);
}
