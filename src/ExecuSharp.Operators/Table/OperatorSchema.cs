using System.Globalization;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Table;

/// <summary>The arguments and returns of an operator, parsed from ATen's schema language (native_functions.yaml).</summary>
public sealed class OperatorSchema
{
    private OperatorSchema(string text, string name, SchemaArgument[] arguments, string[] returns)
    {
        (Text, Name, Arguments, Returns) = (text, name, arguments, returns);
        // The out-variant of an operator with tensor options (dtype, layout, device, pin_memory) takes them from its output.
        bool options = Array.Exists(arguments, a => a.Name == "layout");
        KernelArguments = [.. Enumerable.Range(0, arguments.Length).Where(i => !options || arguments[i].Name is not ("dtype" or "layout" or "device" or "pin_memory"))];
    }

    /// <summary>The schema as written.</summary>
    public string Text { get; }

    /// <summary>Name with namespace and overload: <c>aten::add.Tensor</c>.</summary>
    public string Name { get; }

    /// <summary>Arguments in order, keyword-only ones last.</summary>
    public IReadOnlyList<SchemaArgument> Arguments { get; }

    /// <summary>Positions of the arguments that the kernel in a program takes: all but the tensor options.</summary>
    public IReadOnlyList<int> KernelArguments { get; }

    /// <summary>Return types as written: <c>Tensor</c>, <c>Tensor[]</c>, <c>SymInt</c>.</summary>
    public IReadOnlyList<string> Returns { get; }

    /// <summary>Position of an argument by name, or -1.</summary>
    public int IndexOf(string argument)
    {
        for (int i = 0; i < Arguments.Count; i++)
            if (Arguments[i].Name == argument)
                return i;
        return -1;
    }

    /// <summary>Parses <c>aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor</c>.</summary>
    /// <exception cref="FormatException">The text is no schema.</exception>
    public static OperatorSchema Parse(string text)
    {
        int open = text.IndexOf('(');
        int arrow = text.LastIndexOf("->", StringComparison.Ordinal);
        int close = arrow < 0 ? -1 : text.LastIndexOf(')', arrow);
        if (open < 0 || close < open)
            throw new FormatException($"no operator schema: {text}");
        var parts = SplitTop(text[(open + 1)..close]).ToList();
        int star = parts.IndexOf("*");
        if (star >= 0)
            parts.RemoveAt(star);
        var arguments = parts.Select((a, i) => ParseArgument(a) with { KeywordOnly = star >= 0 && i >= star }).ToArray();
        string returns = text[(arrow + 2)..].Trim();
        if (returns.StartsWith('('))
            returns = returns[1..^1];
        var types = SplitTop(returns).Select(r => StripAlias(r).Split(' ')[0]).ToArray();
        return new OperatorSchema(text, text[..open].Trim(), arguments, types);
    }

    private static IEnumerable<string> SplitTop(string text)
    {
        int depth = 0, start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '(' or '[')
                depth++;
            else if (c is ')' or ']')
                depth--;
            else if (c == ',' && depth == 0)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }
        if (text[start..].Trim() is { Length: > 0 } last)
            yield return last;
    }

    private static string StripAlias(string text)
    {
        int open = text.IndexOf('(');
        return open < 0 ? text : text[..open] + text[(text.IndexOf(')') + 1)..];
    }

    private static SchemaArgument ParseArgument(string text)
    {
        text = StripAlias(text);
        Argument? value = null;
        int equals = text.IndexOf('=');
        string? literal = equals < 0 ? null : text[(equals + 1)..].Trim();
        string[] words = (equals < 0 ? text : text[..equals]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2)
            throw new FormatException($"no schema argument: {text}");
        string type = words[0];
        bool optional = type.EndsWith('?');
        if (optional)
            type = type[..^1];
        int listSize = 0;
        bool list = type.EndsWith(']');
        if (list)
        {
            int bracket = type.LastIndexOf('[');
            _ = int.TryParse(type.AsSpan(bracket + 1, type.Length - bracket - 2), NumberStyles.None, CultureInfo.InvariantCulture, out listSize);
            type = type[..bracket];
        }
        var kind = (type, list) switch
        {
            ("Tensor", false) => ArgumentType.Tensor,
            ("Tensor", true) => ArgumentType.TensorList,
            ("Tensor?", true) => ArgumentType.OptionalTensorList,
            ("int" or "SymInt", false) => ArgumentType.Int,
            ("int" or "SymInt", true) => ArgumentType.IntList,
            ("float", false) => ArgumentType.Double,
            ("float", true) => ArgumentType.DoubleList,
            ("bool", false) => ArgumentType.Bool,
            ("bool", true) => ArgumentType.BoolList,
            ("str", false) => ArgumentType.String,
            ("Scalar", false) => ArgumentType.Scalar,
            ("Scalar", true) => ArgumentType.DoubleList,
            ("ScalarType", false) => ArgumentType.ScalarType,
            ("Layout", false) => ArgumentType.Layout,
            ("Device", false) => ArgumentType.Device,
            ("MemoryFormat", false) => ArgumentType.MemoryFormat,
            ("Graph", false) => ArgumentType.Graph,
            _ => throw new FormatException($"unknown schema type in: {text}"),
        };
        if (literal is not null)
            value = ParseDefault(literal, kind, listSize);
        return new SchemaArgument(words[1], kind, optional, value, listSize);
    }

    private static Argument ParseDefault(string literal, ArgumentType type, int listSize) => literal switch
    {
        "None" => Argument.None,
        "True" => true,
        "False" => false,
        "long" => Core.ScalarType.Long,
        "float" => Core.ScalarType.Float,
        "contiguous_format" => 0L,
        "preserve_format" => 1L,
        "Mean" => 1L,
        ['[', .., ']'] => (Argument)SplitTop(literal[1..^1]).Select(i => ParseDefault(i, type switch
        {
            ArgumentType.DoubleList => ArgumentType.Double,
            ArgumentType.BoolList => ArgumentType.Bool,
            _ => ArgumentType.Int,
        }, 0)).ToArray(),
        ['"' or '\'', ..] => literal[1..^1],
        _ when type == ArgumentType.IntList => (Argument)Enumerable.Repeat((Argument)long.Parse(literal, CultureInfo.InvariantCulture), Math.Max(listSize, 1)).ToArray(),
        _ when type == ArgumentType.Double => double.Parse(literal, CultureInfo.InvariantCulture),
        _ when long.TryParse(literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long i) => i,
        _ => double.Parse(literal, CultureInfo.InvariantCulture),
    };
}
