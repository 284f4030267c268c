using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pt2;

/// <summary>The numbers of torch/_export/serde/schema.py.</summary>
internal static class Pt2Numbers
{
    public static ScalarType Type(Pt2Json json) => json.Int() switch
    {
        1 => ScalarType.Byte,
        2 => ScalarType.Char,
        3 => ScalarType.Short,
        4 => ScalarType.Int,
        5 => ScalarType.Long,
        6 => ScalarType.Half,
        7 => ScalarType.Float,
        8 => ScalarType.Double,
        9 => ScalarType.ComplexHalf,
        10 => ScalarType.ComplexFloat,
        11 => ScalarType.ComplexDouble,
        12 => ScalarType.Bool,
        13 => ScalarType.BFloat16,
        28 => ScalarType.UInt16,
        29 => ScalarType.Float8E4M3Fn,
        30 => ScalarType.Float8E5M2,
        31 => ScalarType.Float8E4M3FnUz,
        32 => ScalarType.Float8E5M2FnUz,
        34 => ScalarType.UInt32,
        35 => ScalarType.UInt64,
        var other => throw new ModelFormatException(json.Place, "the number of an element type", $"{other}"),
    };

    public static Pt2Layout Layout(Pt2Json json) => json.Int() is >= 0 and <= 7 and var n
        ? (Pt2Layout)n
        : throw new ModelFormatException(json.Place, "a layout number 0 to 7", $"{json.Int()}");

    public static Pt2MemoryFormat MemoryFormat(Pt2Json json) => json.Int() is >= 0 and <= 4 and var n
        ? (Pt2MemoryFormat)n
        : throw new ModelFormatException(json.Place, "a memory format number 0 to 4", $"{json.Int()}");

    public static Pt2Device Device(Pt2Json json) => new(json["type"].Text(), json.Optional("index")?.Int());

    public static Pt2SymInt SymInt(Pt2Json json)
    {
        var (kind, value) = json.Union();
        switch (kind)
        {
            case "as_int":
                return new Pt2SymInt(value.Int());
            case "as_expr":
                var hint = value.Optional("hint");
                return new Pt2SymInt(null, value["expr_str"].Text(), hint is not null && hint.Union() is ("as_int", var number) ? number.Int() : null);
            default:
                throw new ModelFormatException(json.Place, "as_int or as_expr", kind);
        }
    }

    public static Pt2SymFloat SymFloat(Pt2Json json) => json.Union() switch
    {
        ("as_float", var value) => new Pt2SymFloat(value.Float()),
        ("as_expr", var value) => new Pt2SymFloat(null, value["expr_str"].Text()),
        var (kind, _) => throw new ModelFormatException(json.Place, "as_float or as_expr", kind),
    };

    public static Pt2SymBool SymBool(Pt2Json json) => json.Union() switch
    {
        ("as_bool", var value) => new Pt2SymBool(value.Bool()),
        ("as_expr", var value) => new Pt2SymBool(null, value["expr_str"].Text()),
        var (kind, _) => throw new ModelFormatException(json.Place, "as_bool or as_expr", kind),
    };

    public static Pt2TensorMeta TensorMeta(Pt2Json json) => new(
        Type(json["dtype"]),
        json["sizes"].List(SymInt),
        json["strides"].List(SymInt),
        json.Optional("storage_offset") is { } offset ? SymInt(offset) : new Pt2SymInt(0),
        json.Optional("requires_grad")?.Bool() ?? false,
        Device(json["device"]),
        Layout(json["layout"]));
}
