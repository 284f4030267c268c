using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>Operators of lists, tuples and dictionaries.</summary>
internal static class ListBuiltins
{
    public static ScriptValue[]? TryCall(OperatorCaller caller, string name, IReadOnlyList<ScriptValue> args)
    {
        if (args.Count == 0 || !name.StartsWith("aten::", StringComparison.Ordinal))
            return null;
        return args[0] switch
        {
            ScriptValue.Dict dict => Dictionary(name[6..], dict, args),
            ScriptValue.List list => Change(name[6..], list, args) ?? Read(caller, name[6..], list.Items, args),
            ScriptValue.Tuple tuple => Read(caller, name[6..], tuple.Items, args),
            _ => null,
        };
    }

    private static ScriptValue[]? Change(string op, ScriptValue.List list, IReadOnlyList<ScriptValue> args)
    {
        var items = list.Items;
        switch (op)
        {
            case "append":
                items.Add(args[1]);
                return [list];
            case "extend" or "add_":
                items.AddRange(args[1].Elements().ToArray());
                return [list];
            case "insert":
                items.Insert(Math.Clamp(Wrap(args[1], items.Count), 0, items.Count), args[2]);
                return [];
            case "pop" or "_pop":
                int at = args.Count > 1 ? At(args[1], items.Count) : At(-1, items.Count);
                var popped = items[at];
                items.RemoveAt(at);
                return [popped];
            case "clear":
                items.Clear();
                return [];
            case "reverse":
                items.Reverse();
                return [];
            case "_set_item":
                items[At(args[1], items.Count)] = args[2];
                return [list];
            case "Delete":
                items.RemoveAt(At(args[1], items.Count));
                return [];
            default:
                return null;
        }
    }

    private static ScriptValue[]? Read(OperatorCaller caller, string op, IReadOnlyList<ScriptValue> items, IReadOnlyList<ScriptValue> args)
    {
        switch (op)
        {
            case "len":
                return [items.Count];
            case "__getitem__" when args.Count == 2:
                return [items[At(args[1], items.Count)]];
            case "list" or "copy":
                return [new ScriptValue.List(items)];
            case "slice":
                return [new ScriptValue.List(Slice(items, args))];
            case "add" when args[1].TryElements() is { } more:
                return [new ScriptValue.List([.. items, .. more])];
            case "mul" when args[1].IsInt():
                return [new ScriptValue.List(Enumerable.Repeat(items, (int)Math.Clamp(args[1].Int(), 0, 1 << 16)).SelectMany(i => i))];
            case "eq" when args[1].TryElements() is not null && ScriptValues.AreEqual(args[0], args[1]) is { } equal:
                return [equal];
            case "ne" when args[1].TryElements() is not null && ScriptValues.AreEqual(args[0], args[1]) is { } equal:
                return [!equal];
            case "__contains__":
                return [items.Any(i => ScriptValues.AreEqual(i, args[1]) == true)];
            case "index":
                int found = items.ToList().FindIndex(i => ScriptValues.AreEqual(i, args[1]) == true);
                return found >= 0 ? [found] : args[1] is ScriptValue.Literal ? throw new InvalidOperationException("the element is not in the list") : null;
            case "all" when items.All(i => i.Known() is not null):
                return [items.All(i => ScriptValues.Number(i.Known()!) != 0)];
            case "any" when items.All(i => i.Known() is not null):
                return [items.Any(i => ScriptValues.Number(i.Known()!) != 0)];
            case "sum" or "min" or "max" when args.Count == 1 && items.Count > 0 && items.All(i => i.IsNumber()):
                return [items.Aggregate((a, b) => caller.One(op == "sum" ? "aten::add" : "aten::" + op, a, b))];
            case "sorted" when items.All(i => i.Known() is not null):
                return [new ScriptValue.List(items.OrderBy(i => ScriptValues.Number(i.Known()!)))];
            default:
                return null;
        }
    }

    private static IEnumerable<ScriptValue> Slice(IReadOnlyList<ScriptValue> items, IReadOnlyList<ScriptValue> args)
    {
        long start = args.Count > 1 && !args[1].IsNone ? args[1].Int() : 0;
        long end = args.Count > 2 && !args[2].IsNone ? args[2].Int() : items.Count;
        long step = args.Count > 3 && !args[3].IsNone ? args[3].Int() : 1;
        if (step <= 0)
            throw new InvalidOperationException($"a list is sliced with step {step}");
        start = Math.Clamp(start < 0 ? start + items.Count : start, 0, items.Count);
        end = Math.Clamp(end < 0 ? end + items.Count : end, 0, items.Count);
        var part = new List<ScriptValue>();
        for (long i = start; i < end; i += step)
            part.Add(items[(int)i]);
        return part;
    }

    private static ScriptValue[]? Dictionary(string op, ScriptValue.Dict dict, IReadOnlyList<ScriptValue> args)
    {
        int found = args.Count > 1 ? dict.Items.FindIndex(e => ScriptValues.AreEqual(e.Key, args[1]) == true) : -1;
        switch (op)
        {
            case "len":
                return [dict.Items.Count];
            case "keys":
                return [new ScriptValue.List(dict.Items.Select(e => e.Key))];
            case "values":
                return [new ScriptValue.List(dict.Items.Select(e => e.Value))];
            case "items":
                return [new ScriptValue.List(dict.Items.Select(e => new ScriptValue.Tuple([e.Key, e.Value])))];
            case "__contains__":
                return [found >= 0];
            case "__getitem__":
                return [found >= 0 ? dict.Items[found].Value : throw new InvalidOperationException($"the key {ScriptValues.Write(args[1])} is not in the dictionary")];
            case "get":
                return [found >= 0 ? dict.Items[found].Value : args.Count > 2 ? args[2] : ScriptValue.None];
            case "_set_item":
                if (found >= 0)
                    dict.Items[found] = new(args[1], args[2]);
                else
                    dict.Items.Add(new(args[1], args[2]));
                return [];
            case "Delete" or "pop":
                var removed = found >= 0 ? dict.Items[found].Value : throw new InvalidOperationException("the key is not in the dictionary");
                dict.Items.RemoveAt(found);
                return [removed];
            case "copy" or "dict":
                var copy = new ScriptValue.Dict();
                copy.Items.AddRange(dict.Items);
                return [copy];
            default:
                return null;
        }
    }

    private static int Wrap(ScriptValue index, int count) => (int)Math.Clamp(index.Int() < 0 ? index.Int() + count : index.Int(), int.MinValue, int.MaxValue);

    private static int At(ScriptValue index, int count)
    {
        int at = Wrap(index, count);
        return at >= 0 && at < count ? at : throw new InvalidOperationException($"index {index.Int()} of a list of {count}");
    }
}
