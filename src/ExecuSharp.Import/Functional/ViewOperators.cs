using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Functional;

/// <summary>Which operators give views, and of which kind.</summary>
internal static class ViewOperators
{
    /// <summary>The kind of view that an operator gives if memory allows.</summary>
    public static ViewKind KindOf(string op) => op switch
    {
        "aten::alias" or "aten::detach" or "aten::view" or "aten::_unsafe_view" or "aten::reshape" or "aten::_reshape_alias" or "aten::view_as" or "aten::reshape_as"
            or "aten::flatten.using_ints" or "aten::unflatten.int" or "aten::ravel" or "aten::contiguous" or "aten::unsqueeze" or "aten::squeeze" or "aten::squeeze.dim"
            or "aten::squeeze.dims" or "aten::lift_fresh" or "aten::lift" or "aten::to.dtype" or "aten::to.device" or "aten::to.dtype_layout" or "aten::to.other"
            or "aten::to.prim_Device" or "aten::to.prim_dtype" or "aten::type_as" or "aten::float" or "aten::cpu" or "aten::cuda" or "aten::dropout" or "aten::feature_dropout"
            or "aten::alpha_dropout" or "aten::positive" or "aten::atleast_1d" or "aten::atleast_2d" or "aten::atleast_3d" => ViewKind.Reshape,
        "aten::permute" or "aten::transpose.int" or "aten::swapaxes" or "aten::swapdims" or "aten::t" or "aten::numpy_T" or "aten::mT" or "aten::mH" or "aten::adjoint"
            or "aten::matrix_H" => ViewKind.Permute,
        "aten::slice.Tensor" => ViewKind.Slice,
        "aten::narrow" => ViewKind.Narrow,
        "aten::select.int" => ViewKind.Select,
        "aten::chunk" or "aten::split.Tensor" or "aten::split.sizes" or "aten::split_with_sizes" or "aten::tensor_split.sections" or "aten::tensor_split.indices"
            or "aten::hsplit.int" or "aten::vsplit.int" or "aten::dsplit.int" => ViewKind.Parts,
        "aten::unbind.int" => ViewKind.Unbind,
        "aten::diagonal" => ViewKind.Diagonal,
        "aten::expand" or "aten::expand_as" or "aten::broadcast_to" => ViewKind.Expand,
        "aten::movedim.int" or "aten::movedim.intlist" or "aten::moveaxis.int" or "aten::moveaxis.intlist" or "aten::unfold" or "aten::as_strided"
            or "aten::resize" or "aten::resize_as" => ViewKind.Other,
        _ => ViewKind.None,
    };

    /// <summary>True for those of the kind Reshape that copy where the memory is not row-major.</summary>
    public static bool CopiesIfStrided(string op) => op is "aten::reshape" or "aten::reshape_as" or "aten::flatten.using_ints" or "aten::ravel" or "aten::contiguous";

    /// <summary>True if the arguments ask for a copy in any case.</summary>
    public static bool AlwaysCopies(string op, IReadOnlyList<Argument> args) => op switch
    {
        "aten::to.dtype" => IsTrue(args, 3),
        "aten::to.dtype_layout" => IsTrue(args, 6),
        "aten::to.device" => IsTrue(args, 4),
        _ => false,
    };

    /// <summary>The source dimension of each dimension of a permuting view.</summary>
    public static int[] Order(string op, IReadOnlyList<Argument> args, int rank)
    {
        int[] order = [.. Enumerable.Range(0, rank)];
        int Wrap(long d) => (int)(d < 0 ? d + rank : d);
        void Swap(int a, int b) => (order[a], order[b]) = (order[b], order[a]);
        if (rank < 2)
            return order;
        switch (op)
        {
            case "aten::permute":
                return [.. args[1].AsInts().Select(Wrap)];
            case "aten::numpy_T":
                return [.. order.Reverse()];
            case "aten::t" or "aten::mT" or "aten::mH" or "aten::adjoint" or "aten::matrix_H":
                Swap(rank - 2, rank - 1);
                return order;
            default:
                Swap(Wrap(args[1].AsInt()), Wrap(args[2].AsInt()));
                return order;
        }
    }

    /// <summary>The dimension along which an operator of the kind Parts cuts.</summary>
    public static long PartsDim(string op, IReadOnlyList<Argument> args, int rank) => op switch
    {
        "aten::hsplit.int" => rank == 1 ? 0 : 1,
        "aten::vsplit.int" => 0,
        "aten::dsplit.int" => 2,
        _ => args.Count > 2 ? args[2].AsInt() : 0,
    };

    /// <summary>Whether a view of row-major memory is row-major again.</summary>
    public static bool StaysContiguous(string op, IReadOnlyList<Argument> args, TensorSpec parent, TensorSpec view)
    {
        switch (KindOf(op))
        {
            case ViewKind.Reshape:
                return true;
            case ViewKind.Expand:
                return parent.MaxNumel == view.MaxNumel;
            case ViewKind.Permute:
                return Order(op, args, parent.Rank).Where(d => parent.Sizes[d].Value != 1).ToArray() is var kept && kept.SequenceEqual(kept.Order());
            case ViewKind.Slice when args[4].AsInt() != 1:
            case ViewKind.Other or ViewKind.Diagonal:
                return false;
            default:
                long dim = KindOf(op) is ViewKind.Parts ? PartsDim(op, args, parent.Rank) : args.Count > 1 ? args[1].AsInt() : 0;
                return parent.MaxNumel == view.MaxNumel || parent.Sizes.Take((int)(dim < 0 ? dim + parent.Rank : dim)).All(s => s.Value == 1);
        }
    }

    private static bool IsTrue(IReadOnlyList<Argument> args, int index) => args.Count > index && args[index].IsBool && args[index].AsBool();
}
