using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pt2;

/// <summary>An argument or result of a node, input or output of a graph (the union Argument of torch/_export/serde/schema.py).</summary>
public abstract record Pt2Argument
{
    private Pt2Argument()
    {
    }

    /// <summary>Nothing.</summary>
    public sealed record None : Pt2Argument;

    /// <summary>A tensor by name.</summary>
    public sealed record Tensor(string Name) : Pt2Argument;

    /// <summary>Tensors by name.</summary>
    public sealed record Tensors(IReadOnlyList<string> Names) : Pt2Argument;

    /// <summary>A tensor by name, or null.</summary>
    public sealed record OptionalTensor(string? Name) : Pt2Argument;

    /// <summary>Tensors by name, or null.</summary>
    public sealed record OptionalTensors(IReadOnlyList<string?> Names) : Pt2Argument;

    /// <summary>Lists of tensors by name.</summary>
    public sealed record NestedTensors(IReadOnlyList<IReadOnlyList<string>> Names) : Pt2Argument;

    /// <summary>An integer.</summary>
    public sealed record Int(long Value) : Pt2Argument;

    /// <summary>Integers.</summary>
    public sealed record Ints(IReadOnlyList<long> Values) : Pt2Argument;

    /// <summary>Lists of integers.</summary>
    public sealed record IntLists(IReadOnlyList<IReadOnlyList<long>> Values) : Pt2Argument;

    /// <summary>A float.</summary>
    public sealed record Float(double Value) : Pt2Argument;

    /// <summary>Floats.</summary>
    public sealed record Floats(IReadOnlyList<double> Values) : Pt2Argument;

    /// <summary>A truth value.</summary>
    public sealed record Bool(bool Value) : Pt2Argument;

    /// <summary>Truth values.</summary>
    public sealed record Bools(IReadOnlyList<bool> Values) : Pt2Argument;

    /// <summary>Text.</summary>
    public sealed record String(string Value) : Pt2Argument;

    /// <summary>Texts.</summary>
    public sealed record Strings(IReadOnlyList<string> Values) : Pt2Argument;

    /// <summary>A complex number.</summary>
    public sealed record Complex(double Real, double Imaginary) : Pt2Argument;

    /// <summary>An integer, or a symbolic one by name.</summary>
    public sealed record SymInt(Pt2IntArgument Value) : Pt2Argument;

    /// <summary>Integers, some symbolic by name.</summary>
    public sealed record SymInts(IReadOnlyList<Pt2IntArgument> Values) : Pt2Argument;

    /// <summary>A float, or a symbolic one by name.</summary>
    public sealed record SymFloat(Pt2FloatArgument Value) : Pt2Argument;

    /// <summary>Floats, some symbolic by name.</summary>
    public sealed record SymFloats(IReadOnlyList<Pt2FloatArgument> Values) : Pt2Argument;

    /// <summary>A truth value, or a symbolic one by name.</summary>
    public sealed record SymBool(Pt2BoolArgument Value) : Pt2Argument;

    /// <summary>Truth values, some symbolic by name.</summary>
    public sealed record SymBools(IReadOnlyList<Pt2BoolArgument> Values) : Pt2Argument;

    /// <summary>An element type.</summary>
    public sealed record DType(ScalarType Value) : Pt2Argument;

    /// <summary>A memory format.</summary>
    public sealed record MemoryFormat(Pt2MemoryFormat Value) : Pt2Argument;

    /// <summary>A layout.</summary>
    public sealed record Layout(Pt2Layout Value) : Pt2Argument;

    /// <summary>A device.</summary>
    public sealed record Device(Pt2Device Value) : Pt2Argument;

    /// <summary>A graph of its own: a branch or loop body.</summary>
    public sealed record Graph(string Name, Pt2Graph Value) : Pt2Argument;

    /// <summary>An object of a registered class.</summary>
    public sealed record CustomObject(string Name, string ClassName) : Pt2Argument;

    /// <summary>An operator by name.</summary>
    public sealed record Operator(string Name) : Pt2Argument;

    /// <summary>Arguments by text key.</summary>
    public sealed record Dictionary(IReadOnlyList<KeyValuePair<string, Pt2Argument>> Items) : Pt2Argument;

    /// <summary>An argument of a kind that is newer than this reader; only its kind is kept.</summary>
    public sealed record Unknown(string Kind) : Pt2Argument;
}
