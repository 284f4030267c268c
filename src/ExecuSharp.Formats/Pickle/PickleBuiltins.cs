using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pickle;

/// <summary>The constructors of Python's own containers and plain values, as data.</summary>
internal static class PickleBuiltins
{
    private static readonly HashSet<string> Inert = new(StringComparer.Ordinal)
    {
        "argparse.Namespace", "types.SimpleNamespace",
        "pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath",
        "pathlib._local.Path", "pathlib._local.PosixPath", "pathlib._local.WindowsPath", "pathlib._local.PurePosixPath",
        "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta", "datetime.timezone",
        "uuid.UUID", "decimal.Decimal", "fractions.Fraction", "builtins.complex", "builtins.slice", "builtins.range",
    };

    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "builtins.object", "builtins.int", "builtins.float", "builtins.bool", "builtins.str", "builtins.bytes", "builtins.type", "builtins.NoneType",
    };

    private static readonly HashSet<string> Made = new(StringComparer.Ordinal)
    {
        "collections.OrderedDict", "collections.defaultdict", "collections.Counter", "collections.deque", "builtins.dict", "builtins.list", "builtins.tuple",
        "builtins.set", "builtins.frozenset", "builtins.bytearray", "_codecs.encode", "copyreg._reconstructor",
    };

    public static bool Knows(PickleGlobal global)
    {
        string name = Modern(global);
        return Made.Contains(name) || Inert.Contains(name) || Types.Contains(name);
    }

    /// <summary>The value, or null for a callable that is not in the list.</summary>
    public static PickleValue? Reduce(PickleGlobal callable, PickleTuple arguments, string place)
    {
        var a = arguments.Items;
        string name = Modern(callable);
        return name switch
        {
            "collections.OrderedDict" or "collections.Counter" or "builtins.dict" => Dictionary(a.Count == 0 ? null : a[0], callable, place),
            "collections.defaultdict" => Dictionary(a.Count < 2 ? null : a[1], callable, place),
            "collections.deque" or "builtins.list" => new PickleList(Sequence(a, callable, place)),
            "builtins.tuple" => new PickleTuple([.. Sequence(a, callable, place)]),
            "builtins.set" or "builtins.frozenset" => new PickleSet(Sequence(a, callable, place)),
            "builtins.bytearray" => ByteArray(a, callable, place),
            "_codecs.encode" => Encode(a, callable, place),
            "copyreg._reconstructor" => a is [PickleGlobal type, PickleGlobal, ..] ? new PickleObject(type, new PickleTuple([])) : throw Wrong(callable, a, place),
            _ when Inert.Contains(name) => new PickleObject(callable, arguments),
            _ => null,
        };
    }

    /// <summary>The Python 3 name of a global.</summary>
    public static string Modern(PickleGlobal global) => global.Module switch
    {
        "__builtin__" => global.Name is "unicode" ? "builtins.str" : global.Name is "long" ? "builtins.int" : "builtins." + global.Name,
        "copy_reg" => "copyreg." + global.Name,
        _ => global.FullName,
    };

    private static PickleDict Dictionary(PickleValue? from, PickleGlobal callable, string place)
    {
        var dictionary = new PickleDict();
        switch (from)
        {
            case null or PickleNone:
                break;
            case PickleDict d:
                foreach (var (key, value) in d.Items)
                    dictionary.Set(key, value);
                break;
            default:
                foreach (var pair in from.AsSequence ?? throw Wrong(callable, [from], place))
                {
                    if (pair.AsSequence is not [var key, var value])
                        throw Wrong(callable, [from], place);
                    dictionary.Set(key, value);
                }
                break;
        }
        return dictionary;
    }

    private static IReadOnlyList<PickleValue> Sequence(IReadOnlyList<PickleValue> a, PickleGlobal callable, string place) =>
        a.Count == 0 ? [] : a[0].AsSequence ?? throw Wrong(callable, a, place);

    private static PickleBytes ByteArray(IReadOnlyList<PickleValue> a, PickleGlobal callable, string place) => a switch
    {
        [] => new PickleBytes(default),
        [PickleBytes b] => b,
        [PickleString, ..] => Encode(a, callable, place),
        _ => throw Wrong(callable, a, place),
    };

    /// <summary>Python 3 writes bytes for protocol 2 as Latin-1 text.</summary>
    private static PickleBytes Encode(IReadOnlyList<PickleValue> a, PickleGlobal callable, string place)
    {
        if (a is not [PickleString text, PickleString { Value: "latin1" or "latin-1" or "iso-8859-1" }])
            throw Wrong(callable, a, place);
        var bytes = new byte[text.Value.Length];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = text.Value[i] <= 0xFF ? (byte)text.Value[i] : throw Wrong(callable, a, place);
        return new PickleBytes(bytes);
    }

    private static ModelFormatException Wrong(PickleGlobal callable, IReadOnlyList<PickleValue> arguments, string place) =>
        new(place, $"arguments of {callable}", $"({string.Join(", ", arguments)})");
}
