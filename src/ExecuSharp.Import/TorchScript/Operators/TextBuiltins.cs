using System.Text;
using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>Operators of text.</summary>
internal static class TextBuiltins
{
    public static ScriptValue[]? TryCall(string name, IReadOnlyList<ScriptValue> args)
    {
        if (name == "aten::str" && args.Count == 1)
            return [ScriptValues.Write(args[0])];
        if (args.Count == 0 || args[0].Text() is not { } text)
            return null;
        string? other = args.Count > 1 ? args[1].Text() : null;
        switch (name)
        {
            case "aten::format":
                return [Format(text, args.Skip(1).ToArray())];
            case "aten::eq" when args.Count > 1 && args[1] is ScriptValue.Literal:
                return [text == other];
            case "aten::ne" when args.Count > 1 && args[1] is ScriptValue.Literal:
                return [text != other];
            case "aten::add" when other is not null:
                return [text + other];
            case "aten::len":
                return [text.Length];
            case "aten::__contains__" when other is not null:
                return [text.Contains(other, StringComparison.Ordinal)];
            case "aten::startswith" when other is not null:
                return [text.StartsWith(other, StringComparison.Ordinal)];
            case "aten::endswith" when other is not null:
                return [text.EndsWith(other, StringComparison.Ordinal)];
            case "aten::lower":
                return [text.ToLowerInvariant()];
            case "aten::upper":
                return [text.ToUpperInvariant()];
            case "aten::list":
                return [new ScriptValue.List(text.Select(c => (ScriptValue)c.ToString()))];
            case "aten::join" when args.Count > 1 && args[1].TryElements() is { } parts:
                return [string.Join(text, parts.Select(ScriptValues.Write))];
            case "aten::split" when other is not null:
                return [new ScriptValue.List(text.Split(other).Select(p => (ScriptValue)p))];
            case "aten::__getitem__":
                int at = (int)args[1].Int();
                at = at < 0 ? at + text.Length : at;
                return [at >= 0 && at < text.Length ? text[at].ToString() : throw new InvalidOperationException($"index {at} of a text of {text.Length}")];
            default:
                return null;
        }
    }

    private static string Format(string text, ScriptValue[] values)
    {
        var result = new StringBuilder();
        int next = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '{' && text.IndexOf('}', i) is var end && end > i)
            {
                if (next < values.Length)
                    result.Append(ScriptValues.Write(values[next++]));
                i = end;
            }
            else
                result.Append(text[i]);
        }
        return result.ToString();
    }
}
