using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.TorchScript.Bytecode;

/// <summary>How many arguments a call has in bytecode before version 6, where the file does not say it: all of the schema.</summary>
internal static class OldSchemas
{
    /// <summary>The number of arguments.</summary>
    /// <exception cref="InvalidOperationException">The operator is not known.</exception>
    public static int ArgumentCount(string name, string overload) => (name, overload) switch
    {
        ("aten::size", "int") => 2,
        ("aten::size" or "aten::dim" or "aten::Bool" or "aten::Int" or "aten::Float" or "aten::len" or "aten::__not__" or "prim::dtype" or "prim::device"
            or "prim::unchecked_cast" or "prim::TupleUnpack" or "prim::NumToTensor" or "prim::unchecked_unwrap_optional", _) => 1,
        ("aten::eq" or "aten::ne" or "aten::lt" or "aten::le" or "aten::gt" or "aten::ge" or "aten::__is__" or "aten::__isnot__" or "aten::__getitem__" or "aten::append"
            or "aten::floordiv" or "aten::remainder", _) => 2,
        ("aten::add" or "aten::sub" or "aten::mul", "int" or "float" or "float_int" or "int_float") => 2,
        _ => OperatorTable.Default.Find(overload.Length == 0 ? name : $"{name}.{overload}")?.Schema.Arguments.Count
            ?? throw new InvalidOperationException($"the number of arguments of {name}.{overload} is not known in this version of the bytecode"),
    };
}
