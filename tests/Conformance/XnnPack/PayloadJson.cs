using System.Globalization;
using System.Text.Json;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Tests.Conformance.XnnPack;

/// <summary>Compares a payload with the JSON that flatc printed of it.</summary>
public static class PayloadJson
{
    /// <summary>Differences of the header and the graph.</summary>
    public static List<string> Compare(XnnPayload payload, JsonElement entry)
    {
        var faults = new List<string>();
        void Check(string what, object? found, object? wanted)
        {
            if (!Equals(Convert.ToString(found, CultureInfo.InvariantCulture), Convert.ToString(wanted, CultureInfo.InvariantCulture)))
                faults.Add($"{what}: {found}, expected {wanted}");
        }
        Check("header", payload.Header is null ? "none" : "XH00", entry.GetProperty("header").GetString());
        Check("identifier", payload.Identifier, entry.GetProperty("identifier").GetString());
        if (payload.Header is { } header)
        {
            Check("header length", header.Length, entry.GetProperty("header_length").GetInt32());
            Check("flatbuffer offset", header.FlatBufferOffset, entry.GetProperty("flatbuffer_offset").GetInt32());
            Check("flatbuffer size", header.FlatBufferSize, entry.GetProperty("flatbuffer_size").GetInt32());
            Check("constant offset", header.ConstantDataOffset, entry.GetProperty("constant_data_offset").GetInt32());
            Check("constant size", header.ConstantDataSize, entry.GetProperty("constant_data_size").GetInt32());
        }
        Graph(payload.Graph, entry.GetProperty("graph"), Check);
        return faults;
    }

    private static void Graph(XnnGraph graph, JsonElement json, Action<string, object?, object?> check)
    {
        check("version", graph.Version, Text(json, "version"));
        check("externs", graph.NumExterns, Number(json, "num_externs"));
        check("inputs", string.Join(",", graph.InputIds), List(json, "input_ids"));
        check("outputs", string.Join(",", graph.OutputIds), List(json, "output_ids"));
        var nodes = Items(json, "xnodes");
        check("nodes", graph.Nodes.Count, nodes.Count);
        for (int i = 0; i < Math.Min(nodes.Count, graph.Nodes.Count); i++)
            Node(graph.Nodes[i], nodes[i], (w, f, e) => check($"node {i} {w}", f, e));
        var values = Items(json, "xvalues");
        check("values", graph.Values.Count, values.Count);
        for (int i = 0; i < Math.Min(values.Count, graph.Values.Count); i++)
            Value(graph.Values[i], values[i], (w, f, e) => check($"value {i} {w}", f, e));
        var constants = Items(json, "constant_data");
        if (constants.Count == 0)
            return;
        check("constants", graph.Constants.Count, constants.Count);
        for (int i = 0; i < constants.Count; i++)
        {
            check($"constant {i} size", graph.Constants[i].Size, Number(constants[i], "size"));
            check($"constant {i} key", graph.Constants[i].NamedKey ?? "", Text(constants[i], "named_key"));
        }
    }

    private static void Node(XnnNode node, JsonElement json, Action<string, object?, object?> check)
    {
        if (!json.TryGetProperty("xnode_union", out var fields))
            return;
        check("type", "XNN" + node.Type, Text(json, "xnode_union_type"));
        check("debug handle", node.DebugHandle, Number(json, "debug_handle"));
        check("range", node.Range is not null, json.TryGetProperty("output_min_max", out var range));
        if (node.Range is { } r && range.ValueKind == JsonValueKind.Object)
        {
            Near("min", r.Min, range.GetProperty("output_min"), check);
            Near("max", r.Max, range.GetProperty("output_max"), check);
        }
        var found = Fields(node);
        var names = fields.EnumerateObject().Select(p => p.Name).ToList();
        check("fields", string.Join(",", found.Select(f => f.Name).Where(names.Contains)), string.Join(",", names));
        foreach (var (name, value) in found)
            if (fields.TryGetProperty(name, out var wanted))
            {
                if (value is float f)
                    Near(name, f, wanted, check);
                else
                    check(name, value is uint[] list ? string.Join(",", list) : value, wanted.ValueKind == JsonValueKind.Array ? List(fields, name) : wanted.ToString());
            }
    }

    private static void Value(XnnValue value, JsonElement json, Action<string, object?, object?> check)
    {
        var fields = json.GetProperty("xvalue_union");
        bool quantized = fields.TryGetProperty("tensor_value", out var tensor);
        var t = quantized ? tensor : fields;
        check("datatype", Name(value.Datatype), Text(t, "datatype"));
        check("rank", value.NumDims, Number(t, "num_dims"));
        check("dims", string.Join(",", value.Dims), List(t, "dims"));
        check("constant", value.ConstantIndex, Number(t, "constant_buffer_idx"));
        check("external id", value.ExternalId, Number(t, "external_id"));
        check("flags", value.Flags, Number(t, "flags"));
        check("id", value.Id, Number(t, "id_out"));
        check("dq datatype", Name(value.DynamicDatatype), Text(t, "dq_datatype"));
        check("quantized", value.Quantization is not null, quantized);
        if (!quantized || !fields.TryGetProperty("quant_params", out var q))
            return;
        switch (value.Quantization)
        {
            case XnnPerTensor p:
                Near("scale", p.Scale, q.GetProperty("scale"), check);
                check("zero point", p.ZeroPoint, Number(q, "zero_point"));
                break;
            case XnnPerChannel p:
                check("channel dim", p.ChannelDim, Number(q, "channel_dim"));
                check("scale constant", p.ScaleConstant, Number(q, "scale_buffer_idx"));
                check("scale count", p.ScaleCount, Number(q, "num_scales"));
                check("scales", p.Scales.Length, Items(q, "scale").Count);
                break;
            case XnnPerToken p:
                check("trailing dims", p.NonBatchDims, Number(q, "num_nonbatch_dims"));
                break;
            case XnnPerChannelGroup p:
                check("group size", p.GroupSize, Number(q, "group_size"));
                check("scale constant", p.ScaleConstant, Number(q, "scale_buffer_idx"));
                check("scale count", p.ScaleCount, Number(q, "num_scales"));
                break;
            default:
                check("quantization", value.Quantization, Text(fields, "quant_params_type"));
                break;
        }
    }

    private static (string Name, object? Value)[] Fields(XnnNode node) => node switch
    {
        XnnUnaryNode n => [("input_id", n.Input), ("output_id", n.Output), ("flags", n.Flags)],
        XnnBinaryNode n => [("input1_id", n.Input1), ("input2_id", n.Input2), ("output_id", n.Output), ("flags", n.Flags)],
        XnnSlopeNode n => [("negative_slope", n.Parameter), ("alpha", n.Parameter), ("input_id", n.Input), ("output_id", n.Output), ("flags", n.Flags)],
        XnnFullyConnectedNode n => [("input1_id", n.Input), ("filter_id", n.Filter), ("bias_id", n.Bias), ("output_id", n.Output), ("flags", n.Flags)],
        XnnTransposeNode n => [("num_dims", n.NumDims), ("perm", n.Perm), ("input_id", n.Input), ("output_id", n.Output), ("flags", n.Flags)],
        XnnReshapeNode n => [("num_dims", n.NumDims), ("new_shape", n.NewShape), ("input_id", n.Input), ("output_id", n.Output), ("flags", n.Flags)],
        XnnSliceNode n => [("num_dims", n.NumDims), ("offsets", n.Offsets), ("sizes", n.Sizes), ("input_id", n.Input), ("output_id", n.Output), ("flags", n.Flags)],
        XnnPadNode n => [("pre_paddings", n.Pre), ("post_paddings", n.Post), ("padding_value", n.Value), ("input_id", n.Input), ("output_id", n.Output), ("flags", n.Flags)],
        XnnResizeNode n => [("new_height", n.NewHeight), ("new_width", n.NewWidth), ("input_id", n.Input), ("output_id", n.Output), ("flags", n.Flags)],
        XnnConvolutionNode n => [
            ("padding_top", n.PaddingTop), ("padding_right", n.PaddingRight), ("padding_bottom", n.PaddingBottom), ("padding_left", n.PaddingLeft), ("kernel_height", n.KernelHeight), ("kernel_width", n.KernelWidth),
            ("subsampling_height", n.SubsamplingHeight), ("subsampling_width", n.SubsamplingWidth), ("dilation_height", n.DilationHeight), ("dilation_width", n.DilationWidth),
            ("group_input_channels", n.GroupInputChannels), ("group_output_channels", n.GroupOutputChannels), ("groups", n.Groups), ("adjustment_height", n.AdjustmentHeight), ("adjustment_width", n.AdjustmentWidth),
            ("input1_id", n.Input), ("filter_id", n.Filter), ("bias_id", n.Bias), ("output_id", n.Output), ("flags", n.Flags)],
        XnnPoolingNode n => [
            ("padding_top", n.PaddingTop), ("padding_right", n.PaddingRight), ("padding_bottom", n.PaddingBottom), ("padding_left", n.PaddingLeft), ("pooling_height", n.PoolingHeight), ("pooling_width", n.PoolingWidth),
            ("stride_height", n.StrideHeight), ("stride_width", n.StrideWidth), ("dilation_height", n.DilationHeight), ("dilation_width", n.DilationWidth), ("input_id", n.Input), ("output_id", n.Output), ("flags", n.Flags)],
        XnnArgMaxPoolingNode n => [
            ("padding_top", n.PaddingTop), ("padding_right", n.PaddingRight), ("padding_bottom", n.PaddingBottom), ("padding_left", n.PaddingLeft), ("pooling_height", n.PoolingHeight), ("pooling_width", n.PoolingWidth),
            ("input_id", n.Input), ("output_value_id", n.OutputValue), ("output_index_id", n.OutputIndex), ("flags", n.Flags)],
        XnnConcatenateNode n => [
            ("axis", n.Axis), ("input1_id", n.Slots[0]), ("input2_id", n.Slots[1]), ("input3_id", n.Slots[2]), ("input4_id", n.Slots[3]), ("output_id", n.Output), ("flags", n.Flags), ("input5_id", n.Slots[4])],
        XnnAttentionNode n => [("query_id", n.Query), ("key_id", n.Key), ("value_id", n.Value), ("scale_id", n.Scale), ("mask_id", n.Mask), ("output_id", n.Output), ("flags", n.Flags)],
        _ => [],
    };

    private static string Name(XnnDatatype type) => "xnn_datatype_" + (type == XnnDatatype.BFloat16 ? "bf16" : type.ToString().ToLowerInvariant());

    private static void Near(string what, float found, JsonElement wanted, Action<string, object?, object?> check)
    {
        double expected = wanted.ValueKind == JsonValueKind.String
            ? wanted.GetString() switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN }
            : wanted.GetDouble();
        if (!((double)found).Equals(expected) && !(Math.Abs(found - expected) <= 1e-6 + (1e-6 * Math.Abs(expected))))
            check(what, found, expected);
    }

    private static List<JsonElement> Items(JsonElement json, string name) => json.TryGetProperty(name, out var list) ? [.. list.EnumerateArray()] : [];

    private static string List(JsonElement json, string name) => string.Join(",", Items(json, name));

    private static string Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.ToString() : "0";

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
