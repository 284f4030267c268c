using System.Text.Json;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pt2;

/// <summary>Reads the JSON of an exported program, schema versions 5 to 8 (PyTorch 2.3 to 2.13).</summary>
internal static class Pt2ProgramReader
{
    private const int MaxJsonDepth = 512;
    private const int OldestSchema = 5;
    private const int NewestSchema = 8;

    public static ExportedProgramRecord Read(ReadOnlyMemory<byte> bytes, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
            return Program(new Pt2Json(document.RootElement, null, name));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(name, "JSON of an exported program", e.Message, null, e);
        }
    }

    private static ExportedProgramRecord Program(Pt2Json json)
    {
        var version = json["schema_version"];
        long major = version["major"].Int();
        if (major is < OldestSchema or > NewestSchema)
            throw new ModelFormatException(version.Place, $"schema version {OldestSchema} to {NewestSchema}", $"{major}");
        var module = json["graph_module"];
        var signature = module["signature"];
        var graph = Pt2GraphReader.Read(module["graph"], 0);
        var inputs = signature["input_specs"].List(InputSpec);
        var outputs = signature["output_specs"].List(OutputSpec);
        if (inputs.Length != graph.Inputs.Count || outputs.Length != graph.Outputs.Count)
            throw new ModelFormatException(signature.Place, $"specs of {graph.Inputs.Count} inputs and {graph.Outputs.Count} outputs", $"{inputs.Length} and {outputs.Length}");
        return new ExportedProgramRecord(
            graph,
            inputs,
            outputs,
            json["range_constraints"].Map(r => new Pt2RangeConstraint(r.Optional("min_val")?.Bound(), r.Optional("max_val")?.Bound())),
            module["module_call_graph"].List(ModuleCall),
            json["opset_version"].Map(v => v.Int()),
            major,
            version["minor"].Int(),
            json.Optional("torch_version")?.Text(),
            json.Optional("guards_code")?.List(g => g.Text()) ?? []);
    }

    private static Pt2InputSpec InputSpec(Pt2Json json)
    {
        var (kind, v) = json.Union();
        return kind switch
        {
            "user_input" => new Pt2InputSpec.UserInput(Pt2ArgumentReader.Read(v["arg"], 0)),
            "parameter" => new Pt2InputSpec.Parameter(Pt2ArgumentReader.Name(v["arg"]), v["parameter_name"].Text()),
            "buffer" => new Pt2InputSpec.Buffer(Pt2ArgumentReader.Name(v["arg"]), v["buffer_name"].Text(), v.Optional("persistent")?.Bool() ?? true),
            "tensor_constant" => new Pt2InputSpec.TensorConstant(Pt2ArgumentReader.Name(v["arg"]), v["tensor_constant_name"].Text()),
            "custom_obj" => new Pt2InputSpec.CustomObject(Pt2ArgumentReader.Name(v["arg"]), v["custom_obj_name"].Text()),
            "token" => new Pt2InputSpec.Token(Pt2ArgumentReader.Name(v["arg"])),
            "constant_input" => new Pt2InputSpec.ConstantInput(v["name"].Text(), Pt2ArgumentReader.Read(v["value"], 0)),
            _ => throw new ModelFormatException(json.Place, "a kind of input", kind),
        };
    }

    private static Pt2OutputSpec OutputSpec(Pt2Json json)
    {
        var (kind, v) = json.Union();
        return kind switch
        {
            "user_output" => new Pt2OutputSpec.UserOutput(Pt2ArgumentReader.Read(v["arg"], 0)),
            "loss_output" => new Pt2OutputSpec.LossOutput(Pt2ArgumentReader.Name(v["arg"])),
            "buffer_mutation" => new Pt2OutputSpec.BufferMutation(Pt2ArgumentReader.Name(v["arg"]), v["buffer_name"].Text()),
            "parameter_mutation" => new Pt2OutputSpec.ParameterMutation(Pt2ArgumentReader.Name(v["arg"]), v["parameter_name"].Text()),
            "user_input_mutation" => new Pt2OutputSpec.UserInputMutation(Pt2ArgumentReader.Name(v["arg"]), v["user_input_name"].Text()),
            "gradient_to_parameter" => new Pt2OutputSpec.GradientToParameter(Pt2ArgumentReader.Name(v["arg"]), v["parameter_name"].Text()),
            "gradient_to_user_input" => new Pt2OutputSpec.GradientToUserInput(Pt2ArgumentReader.Name(v["arg"]), v["user_input_name"].Text()),
            "token" => new Pt2OutputSpec.Token(Pt2ArgumentReader.Name(v["arg"])),
            _ => throw new ModelFormatException(json.Place, "a kind of output", kind),
        };
    }

    private static Pt2ModuleCall ModuleCall(Pt2Json json)
    {
        var signature = json.Optional("signature");
        return new Pt2ModuleCall(
            json["fqn"].Text(),
            Tree(signature?.Optional("in_spec")),
            Tree(signature?.Optional("out_spec")),
            signature?.Optional("forward_arg_names")?.List(n => n.Text()));
    }

    /// <summary>JSON inside a string: [protocol, spec].</summary>
    private static Pt2TreeSpec? Tree(Pt2Json? text)
    {
        if (text is null || text.Text().Length == 0)
            return null;
        using var document = JsonDocument.Parse(text.Text(), new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
        var parts = new Pt2Json(document.RootElement, null, text.Place).List(p => p);
        if (parts is not [var protocol, var spec] || protocol.Int() != 1)
            throw new ModelFormatException(text.Place, "a tree of protocol 1", "another");
        return Spec(spec);
    }

    private static Pt2TreeSpec Spec(Pt2Json json) => new(
        json.Optional("type")?.Text(),
        json.Optional("context")?.Text(),
        json["children_spec"].List(Spec));
}
