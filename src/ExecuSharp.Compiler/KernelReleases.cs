using System.Collections.Frozen;

namespace ExecuSharp.Compiler;

/// <summary>The first release whose official library has a kernel, where that is later than 0.2; from the operator registries of the releases.</summary>
public static class KernelReleases
{
    private static readonly FrozenDictionary<string, ExecuTorchRelease> Since = Rows().ToFrozenDictionary(r => r.Key, r => r.Value, StringComparer.Ordinal);

    /// <summary>The first release with the kernel.</summary>
    public static ExecuTorchRelease First(string key) => Since.GetValueOrDefault(key, new ExecuTorchRelease(0, 2));

    private static IEnumerable<KeyValuePair<string, ExecuTorchRelease>> Rows() =>
    [
        .. Row(new(0, 3), "dim_order_ops::_to_dim_order_copy.out", "executorch_prim::sym_float.Scalar", "quantized_decomposed::add.out", "quantized_decomposed::choose_qparams.Tensor_out",
            "quantized_decomposed::dequantize_per_tensor.Tensor_out", "quantized_decomposed::dequantize_per_tensor.out", "quantized_decomposed::embedding_4bit.dtype_out",
            "quantized_decomposed::embedding_4bit.out", "quantized_decomposed::embedding_byte.dtype_out", "quantized_decomposed::embedding_byte.out", "quantized_decomposed::mixed_linear.out",
            "quantized_decomposed::mixed_mm.out", "quantized_decomposed::quantize_per_channel.out", "quantized_decomposed::quantize_per_tensor.Tensor_out", "quantized_decomposed::quantize_per_tensor.out",
            "quantized_decomposed::dequantize_per_channel.out"),
        .. Row(new(0, 4), "aten::convolution_backward.out", "aten::gather.out", "aten::narrow_copy.out", "aten::pixel_unshuffle.out", "aten::scatter.src_out", "aten::scatter.value_out", "aten::topk.values",
            "executorch_prim::mod.Scalar", "executorch_prim::mod.int", "executorch_prim::neg.Scalar"),
        .. Row(new(0, 5), "aten::linear.out", "aten::masked_scatter.out", "aten::masked_select.out", "aten::max.unary_out", "aten::min.unary_out", "aten::repeat_interleave.Tensor_out",
            "dim_order_ops::_empty_dim_order.out", "executorch_prim::ceil.Scalar", "executorch_prim::round.Scalar", "executorch_prim::trunc.Scalar",
            "quantized_decomposed::choose_qparams_per_token_asymmetric.out", "quantized_decomposed::dequantize_per_token.out", "quantized_decomposed::embedding_2bit.dtype_out",
            "quantized_decomposed::embedding_2bit.out", "quantized_decomposed::quantize_per_token.out"),
        .. Row(new(0, 6), "aten::_fft_r2c.out", "aten::elu.out", "aten::max_pool2d_with_indices_backward.grad_input", "aten::mean.dtype_out", "aten::unfold_copy.out", "aten::upsample_bilinear2d.vec_out",
            "aten::upsample_nearest2d.vec_out"),
        .. Row(new(0, 7), "aten::_fft_c2r.out", "aten::index_put_", "aten::native_dropout.out", "aten::rand.out", "aten::randn.out", "aten::view_as_real_copy.out"),
        .. Row(new(1, 0), "aten::_upsample_bilinear2d_aa.out", "dim_order_ops::_clone_dim_order.out", "executorch_prim::sym_max.Scalar", "executorch_prim::sym_min.Scalar"),
        .. Row(new(1, 1), "aten::bitwise_left_shift.Tensor_Scalar_out", "aten::bitwise_left_shift.Tensor_out", "aten::bitwise_right_shift.Tensor_Scalar_out", "aten::bitwise_right_shift.Tensor_out",
            "aten::grid_sampler_2d.out"),
        .. Row(new(1, 2), "aten::_conj_physical.out"),
        .. Row(new(1, 3), "aten::_adaptive_avg_pool2d.out", "aten::var_mean.correction_out"),
        .. Row(new(1, 4), "et_copy::_d2h_copy.out", "et_copy::_h2d_copy.out", "executorch_prim::sym_int.Scalar", "executorch_prim::sym_ite.Scalar", "executorch_prim::sym_not.Scalar"),
    ];

    private static IEnumerable<KeyValuePair<string, ExecuTorchRelease>> Row(ExecuTorchRelease since, params string[] keys) => keys.Select(k => KeyValuePair.Create(k, since));
}
