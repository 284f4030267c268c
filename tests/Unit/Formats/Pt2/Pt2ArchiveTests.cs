using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pt2;
using ExecuSharp.Formats.Zip;

namespace ExecuSharp.Tests.Unit.Formats.Pt2;

public class Pt2ArchiveTests
{
    private const string Meta = """{"dtype":7,"sizes":[{"as_int":2}],"requires_grad":false,"device":{"type":"cpu","index":null},"strides":[{"as_int":1}],"storage_offset":{"as_int":0},"layout":7}""";

    [Theory]
    [InlineData("""{"as_none":true}""", typeof(Pt2Argument.None))]
    [InlineData("""{"as_int":-3}""", typeof(Pt2Argument.Int))]
    [InlineData("""{"as_ints":[1,2]}""", typeof(Pt2Argument.Ints))]
    [InlineData("""{"as_int_lists":[[1],[2,3]]}""", typeof(Pt2Argument.IntLists))]
    [InlineData("""{"as_float":"-Infinity"}""", typeof(Pt2Argument.Float))]
    [InlineData("""{"as_floats":[1.5,2]}""", typeof(Pt2Argument.Floats))]
    [InlineData("""{"as_bool":true}""", typeof(Pt2Argument.Bool))]
    [InlineData("""{"as_bools":[true,false]}""", typeof(Pt2Argument.Bools))]
    [InlineData("""{"as_string":"x"}""", typeof(Pt2Argument.String))]
    [InlineData("""{"as_strings":["x"]}""", typeof(Pt2Argument.Strings))]
    [InlineData("""{"as_complex":{"real":1,"imag":-1}}""", typeof(Pt2Argument.Complex))]
    [InlineData("""{"as_tensor":{"name":"x"}}""", typeof(Pt2Argument.Tensor))]
    [InlineData("""{"as_tensors":[{"name":"x"}]}""", typeof(Pt2Argument.Tensors))]
    [InlineData("""{"as_optional_tensor":{"as_none":true}}""", typeof(Pt2Argument.OptionalTensor))]
    [InlineData("""{"as_optional_tensors":[{"as_tensor":{"name":"x"}},{"as_none":[]}]}""", typeof(Pt2Argument.OptionalTensors))]
    [InlineData("""{"as_nested_tensors":[[{"name":"x"}]]}""", typeof(Pt2Argument.NestedTensors))]
    [InlineData("""{"as_sym_int":{"as_name":"s"}}""", typeof(Pt2Argument.SymInt))]
    [InlineData("""{"as_sym_ints":[{"as_name":"s"},{"as_int":4}]}""", typeof(Pt2Argument.SymInts))]
    [InlineData("""{"as_sym_float":{"as_float":1}}""", typeof(Pt2Argument.SymFloat))]
    [InlineData("""{"as_sym_floats":[{"as_float":1}]}""", typeof(Pt2Argument.SymFloats))]
    [InlineData("""{"as_sym_bool":{"as_bool":true}}""", typeof(Pt2Argument.SymBool))]
    [InlineData("""{"as_sym_bools":[{"as_bool":true}]}""", typeof(Pt2Argument.SymBools))]
    [InlineData("""{"as_scalar_type":13}""", typeof(Pt2Argument.DType))]
    [InlineData("""{"as_memory_format":2}""", typeof(Pt2Argument.MemoryFormat))]
    [InlineData("""{"as_layout":7}""", typeof(Pt2Argument.Layout))]
    [InlineData("""{"as_device":{"type":"cuda","index":1}}""", typeof(Pt2Argument.Device))]
    [InlineData("""{"as_custom_obj":{"name":"o","class_fqn":"c"}}""", typeof(Pt2Argument.CustomObject))]
    [InlineData("""{"as_operator":"aten.add"}""", typeof(Pt2Argument.Operator))]
    [InlineData("""{"as_string_to_argument":{"k":{"as_int":1}}}""", typeof(Pt2Argument.Dictionary))]
    [InlineData("""{"as_something_new":1}""", typeof(Pt2Argument.Unknown))]
    public void EveryKindOfArgument(string argument, Type type)
    {
        using var archive = Open(Program(argument));
        Assert.IsType(type, archive.Model.Program.Graph.Nodes[0].Argument("other"));
    }

    [Theory]
    [InlineData("""{"as_tensor":{"name":"later"}}""")]
    [InlineData("""{"as_sym_int":{"as_name":"unknown"}}""")]
    [InlineData("""{"as_int":1,"as_float":2}""")]
    [InlineData("""{"as_int":1.5}""")]
    [InlineData("""{"as_int":99999999999999999999}""")]
    [InlineData("""{"as_scalar_type":99}""")]
    [InlineData("""{"as_layout":8}""")]
    [InlineData("""{"as_float":"one"}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"as_string":"\ud800"}""")]
    public void WrongArgumentsAreRefused(string argument) =>
        Assert.Throws<ModelFormatException>(() => Open(Program(argument)));

    [Fact]
    public void WeightsAreCheckedAgainstTheirMembers()
    {
        string config = """{"config":{"w":{"path_name":"weight_0","is_param":true,"use_pickle":false,"tensor_meta":META}}}""".Replace("META", Meta);
        using (var archive = Open(Program("""{"as_int":1}"""), ("data/weights/model_weights_config.json", config), ("data/weights/weight_0", "\0\0\0\0\0\0\u0080?")))
            Assert.Equal([0f, 1f], archive.Model.Weights["w"].ToTensor().Span<float>().ToArray());
        Assert.Throws<ModelFormatException>(() => Open(Program("""{"as_int":1}"""), ("data/weights/model_weights_config.json", config), ("data/weights/weight_0", "1234567")));
        Assert.Contains("weight_0", Assert.Throws<ModelFormatException>(() => Open(Program("""{"as_int":1}"""), ("data/weights/model_weights_config.json", config))).Expected);
    }

    [Fact]
    public void OtherSchemaVersionsAreRefused()
    {
        string program = Program("""{"as_int":1}""");
        Assert.Equal("9", Assert.Throws<ModelFormatException>(() => Open(program.Replace("\"major\":8", "\"major\":9"))).Found);
        Assert.Equal("4", Assert.Throws<ModelFormatException>(() => Open(program.Replace("\"major\":8", "\"major\":4"))).Found);
    }

    [Fact]
    public void DeepJsonIsRefused() =>
        Assert.Throws<ModelFormatException>(() => Open(Program(string.Concat(Enumerable.Repeat("""{"as_string_to_argument":{"k":""", 200)) + """{"as_int":1}""" + new string('}', 400))));

    private static string Program(string argument) => """
        {"graph_module":{"graph":{"inputs":[{"as_tensor":{"name":"x"}},{"as_sym_int":{"as_name":"s"}}],"outputs":[{"as_tensor":{"name":"y"}}],
        "nodes":[{"target":"torch.ops.aten.add.Tensor","inputs":[{"name":"self","arg":{"as_tensor":{"name":"x"}},"kind":1},{"name":"other","arg":ARGUMENT,"kind":2}],
        "outputs":[{"as_tensor":{"name":"y"}}],"metadata":{}}],"tensor_values":{"x":META,"y":META},"sym_int_values":{"s":{"as_expr":{"expr_str":"s0","hint":{"as_int":3}}}},
        "sym_bool_values":{},"is_single_tensor_return":false,"custom_obj_values":{}},
        "signature":{"input_specs":[{"user_input":{"arg":{"as_tensor":{"name":"x"}}}},{"user_input":{"arg":{"as_sym_int":{"as_name":"s"}}}}],"output_specs":[{"user_output":{"arg":{"as_tensor":{"name":"y"}}}}]},
        "module_call_graph":[]},"opset_version":{"aten":10},"range_constraints":{"s0":{"min_val":2,"max_val":null}},"schema_version":{"major":8,"minor":3}}
        """.Replace("ARGUMENT", argument).Replace("META", Meta);

    private static Pt2Archive Open(string program, params (string Name, string Latin1)[] members)
    {
        var stream = new MemoryStream();
        using (var writer = new ZipWriter(stream, 64))
        {
            writer.Add("archive/archive_format", "pt2"u8);
            writer.Add("archive/models/model.json", Encoding.UTF8.GetBytes(program));
            foreach (var (name, text) in members)
                writer.Add("archive/" + name, Encoding.Latin1.GetBytes(text));
        }
        return Pt2Archive.Open(new ByteSource(stream.ToArray()));
    }
}
