using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pt2;

/// <summary>Reads the unions of arguments.</summary>
internal static class Pt2ArgumentReader
{
    // cond in while_loop in cond …; the JSON reader bounds the text's depth, this bounds the recursion
    private const int MaxDepth = 32;

    public static Pt2Argument Read(Pt2Json json, int depth)
    {
        if (depth > MaxDepth)
            throw new ModelFormatException(json.Place, $"at most {MaxDepth} levels of graphs", "more");
        var (kind, v) = json.Union();
        return kind switch
        {
            "as_none" => new Pt2Argument.None(),
            "as_tensor" => new Pt2Argument.Tensor(Name(v)),
            "as_tensors" => new Pt2Argument.Tensors(v.List(Name)),
            "as_optional_tensor" => new Pt2Argument.OptionalTensor(OptionalName(v)),
            "as_optional_tensors" => new Pt2Argument.OptionalTensors(v.List(OptionalName)),
            "as_nested_tensors" => new Pt2Argument.NestedTensors(v.List(IReadOnlyList<string> (i) => i.List(Name))),
            "as_int" => new Pt2Argument.Int(v.Int()),
            "as_ints" => new Pt2Argument.Ints(v.List(i => i.Int())),
            "as_int_lists" => new Pt2Argument.IntLists(v.List(IReadOnlyList<long> (i) => i.List(k => k.Int()))),
            "as_float" => new Pt2Argument.Float(v.Float()),
            "as_floats" => new Pt2Argument.Floats(v.List(i => i.Float())),
            "as_bool" => new Pt2Argument.Bool(v.Bool()),
            "as_bools" => new Pt2Argument.Bools(v.List(i => i.Bool())),
            "as_string" => new Pt2Argument.String(v.Text()),
            "as_strings" => new Pt2Argument.Strings(v.List(i => i.Text())),
            "as_complex" => new Pt2Argument.Complex(v["real"].Float(), v["imag"].Float()),
            "as_sym_int" => new Pt2Argument.SymInt(SymInt(v)),
            "as_sym_ints" => new Pt2Argument.SymInts(v.List(SymInt)),
            "as_sym_float" => new Pt2Argument.SymFloat(SymFloat(v)),
            "as_sym_floats" => new Pt2Argument.SymFloats(v.List(SymFloat)),
            "as_sym_bool" => new Pt2Argument.SymBool(SymBool(v)),
            "as_sym_bools" => new Pt2Argument.SymBools(v.List(SymBool)),
            "as_scalar_type" => new Pt2Argument.DType(Pt2Numbers.Type(v)),
            "as_memory_format" => new Pt2Argument.MemoryFormat(Pt2Numbers.MemoryFormat(v)),
            "as_layout" => new Pt2Argument.Layout(Pt2Numbers.Layout(v)),
            "as_device" => new Pt2Argument.Device(Pt2Numbers.Device(v)),
            "as_graph" => new Pt2Argument.Graph(v["name"].Text(), Pt2GraphReader.Read(v["graph"], depth + 1)),
            "as_custom_obj" => new Pt2Argument.CustomObject(v["name"].Text(), v["class_fqn"].Text()),
            "as_operator" => new Pt2Argument.Operator(v.Text()),
            "as_string_to_argument" => new Pt2Argument.Dictionary([.. v.Map(i => Read(i, depth + 1))]),
            _ => new Pt2Argument.Unknown(kind),
        };
    }

    public static string Name(Pt2Json json) => json["name"].Text();

    private static string? OptionalName(Pt2Json json) => json.Union() switch
    {
        ("as_tensor", var tensor) => Name(tensor),
        ("as_none", _) => null,
        var (kind, _) => throw new ModelFormatException(json.Place, "as_tensor or as_none", kind),
    };

    private static Pt2IntArgument SymInt(Pt2Json json) => json.Union() switch
    {
        ("as_name", var name) => new Pt2IntArgument(name.Text(), 0),
        ("as_int", var value) => new Pt2IntArgument(null, value.Int()),
        var (kind, _) => throw new ModelFormatException(json.Place, "as_name or as_int", kind),
    };

    private static Pt2FloatArgument SymFloat(Pt2Json json) => json.Union() switch
    {
        ("as_name", var name) => new Pt2FloatArgument(name.Text(), 0),
        ("as_float", var value) => new Pt2FloatArgument(null, value.Float()),
        var (kind, _) => throw new ModelFormatException(json.Place, "as_name or as_float", kind),
    };

    private static Pt2BoolArgument SymBool(Pt2Json json) => json.Union() switch
    {
        ("as_name", var name) => new Pt2BoolArgument(name.Text(), false),
        ("as_bool", var value) => new Pt2BoolArgument(null, value.Bool()),
        var (kind, _) => throw new ModelFormatException(json.Place, "as_name or as_bool", kind),
    };
}
