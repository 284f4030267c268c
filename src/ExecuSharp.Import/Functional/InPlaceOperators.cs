namespace ExecuSharp.Import.Functional;

/// <summary>In-place operators and what they are called without side effects.</summary>
internal static class InPlaceOperators
{
    /// <summary>
    /// The functional name of an operator that writes its first argument (<c>aten::add_.Tensor</c>: <c>aten::add.Tensor</c>), or null if it is none.
    /// </summary>
    public static string? Functional(string op)
    {
        int start = op.IndexOf("::", StringComparison.Ordinal) + 2;
        int dot = op.IndexOf('.', start);
        int end = dot < 0 ? op.Length : dot;
        if (end - start < 2 || op[end - 1] != '_' || op[end - 2] == '_')
            return null;
        return op[..(end - 1)] + op[end..];
    }

    /// <summary>True for operators that change a tensor's sizes and not its elements.</summary>
    public static bool ChangesView(string functional) => functional is "aten::squeeze" or "aten::squeeze.dim" or "aten::squeeze.dims" or "aten::unsqueeze" or "aten::t"
        or "aten::transpose" or "aten::transpose.int" or "aten::swapaxes" or "aten::swapdims" or "aten::detach" or "aten::resize" or "aten::resize_as"
        or "aten::as_strided";

    /// <summary>
    /// Operators with side effects on other arguments than the first: the functional form, and for each written argument its index and that of the result.
    /// </summary>
    public static (string Functional, (int Argument, int Result)[] Writes)? Updating(string op, bool training) => op switch
    {
        "aten::batch_norm" when training => ("aten::_native_batch_norm_legit_functional", [(3, 3), (4, 4)]),
        "aten::native_batch_norm" or "aten::_native_batch_norm_legit" when training => ("aten::_native_batch_norm_legit_functional", [(3, 3), (4, 4)]),
        "aten::_batch_norm_with_update" => ("aten::_batch_norm_with_update_functional", [(3, 4), (4, 5)]),
        _ => null,
    };
}
