using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Creation;

/// <summary>Conversions between element types, and operators that do nothing in inference.</summary>
internal static class CastDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::to.dtype(Tensor self, ScalarType dtype, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor", (b, a) => To(b, a[0], a[1])),
        One("aten::to.dtype_layout(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor", (b, a) => To(b, a[0], a[1])),
        One("aten::to.device(Tensor self, Device device, ScalarType dtype, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor", (b, a) => To(b, a[0], a[2])),
        One("aten::to.prim_Device(Tensor self, Device? device, int? dtype=None, bool non_blocking=False, bool copy=False) -> Tensor", (b, a) => To(b, a[0], a[2])),
        One("aten::to.prim_dtype(Tensor self, int? dtype=None, bool non_blocking=False, bool copy=False) -> Tensor", (b, a) => To(b, a[0], a[1])),
        One("aten::to.other(Tensor self, Tensor other, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor", (b, a) => b.Cast(a[0].AsValue(), a[1].AsSpec().Type)),
        One("aten::type_as(Tensor self, Tensor other) -> Tensor", (b, a) => b.Cast(a[0].AsValue(), a[1].AsSpec().Type)),
        One("aten::float(Tensor self) -> Tensor", (b, a) => b.Cast(a[0].AsValue(), ScalarType.Float)),
        One("aten::cpu(Tensor self) -> Tensor", Self),
        One("aten::cuda(Tensor self) -> Tensor", Self),
        One("aten::dropout(Tensor input, float p, bool train) -> Tensor", Dropout),
        One("aten::feature_dropout(Tensor input, float p, bool train) -> Tensor", Dropout),
        One("aten::alpha_dropout(Tensor input, float p, bool train) -> Tensor", Dropout),
        One("aten::feature_alpha_dropout(Tensor input, float p, bool train) -> Tensor", Dropout),
        Many("aten::_assert_tensor_metadata(Tensor a, SymInt[]? size=None, SymInt[]? stride=None, ScalarType? dtype=None, *, Device? device=None, Layout? layout=None) -> ()", (_, _) => []),
        Many("aten::_assert_scalar(Scalar self, str assert_msg) -> ()", (_, _) => []),
        Many("aten::_assert_async.msg(Tensor self, str assert_msg) -> ()", (_, _) => []),
        Many("aten::_assert_async(Tensor self) -> ()", (_, _) => []),
        Many("aten::sym_constrain_range(Scalar size, *, int? min=None, int? max=None) -> ()", (_, _) => []),
        Many("aten::sym_constrain_range_for_size(Scalar size, *, int? min=None, int? max=None) -> ()", (_, _) => []),
    ];

    private static Value Self(IGraphBuilder b, IReadOnlyList<Argument> a) => a[0].AsValue();

    private static Value To(IGraphBuilder b, Argument x, Argument type) => type.IsNone ? x.AsValue() : b.Cast(x.AsValue(), type.AsScalarType());

    private static Value Dropout(IGraphBuilder b, IReadOnlyList<Argument> a) =>
        a[2].AsBool() && a[1].AsDouble() != 0 ? throw Unsupported("dropout in training mode") : a[0].AsValue();
}
