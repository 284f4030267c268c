using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pt2;

/// <summary>Reads graphs, and checks that every name is defined before it is used.</summary>
internal static class Pt2GraphReader
{
    public static Pt2Graph Read(Pt2Json json, int depth)
    {
        var graph = new Pt2Graph(
            json["inputs"].List(i => Pt2ArgumentReader.Read(i, depth)),
            json["outputs"].List(i => Pt2ArgumentReader.Read(i, depth)),
            json["nodes"].List(i => Node(i, depth)),
            json["tensor_values"].Map(Pt2Numbers.TensorMeta),
            json.Optional("sym_int_values")?.Map(Pt2Numbers.SymInt) ?? [],
            json.Optional("sym_float_values")?.Map(Pt2Numbers.SymFloat) ?? [],
            json.Optional("sym_bool_values")?.Map(Pt2Numbers.SymBool) ?? [],
            json.Optional("custom_obj_values")?.Map(i => i["class_fqn"].Text()) ?? [],
            json.Optional("is_single_tensor_return")?.Bool() ?? false);
        CheckNames(json, graph);
        return graph;
    }

    private static Pt2Node Node(Pt2Json json, int depth) => new(
        json["target"].Text(),
        json["inputs"].List(i => new Pt2NamedArgument(i["name"].Text(), Pt2ArgumentReader.Read(i["arg"], depth), Keyword(i))),
        json["outputs"].List(i => Pt2ArgumentReader.Read(i, depth)),
        json.Optional("metadata")?.Map(i => i.Text()) ?? [],
        json.Optional("name")?.Text(),
        json.Optional("is_hop_single_tensor_return")?.Bool());

    // ArgumentKind: 0 unknown, 1 positional, 2 keyword
    private static bool? Keyword(Pt2Json json) => json.Optional("kind")?.Int() switch
    {
        1 => false,
        2 => true,
        _ => null,
    };

    private static void CheckNames(Pt2Json json, Pt2Graph graph)
    {
        var defined = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in graph.Inputs)
            defined.UnionWith(Names(input));
        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs)
                Check(input.Value, node.Target);
            foreach (var output in node.Outputs)
                defined.UnionWith(Names(output));
        }
        foreach (var output in graph.Outputs)
            Check(output, "the outputs");

        void Check(Pt2Argument argument, string where)
        {
            foreach (string name in Names(argument))
                if (!defined.Contains(name))
                    throw new ModelFormatException($"{json.Place}, {where}", "a value that is made before", $"'{name}'");
        }
    }

    private static IEnumerable<string> Names(Pt2Argument argument) => argument switch
    {
        Pt2Argument.Tensor t => [t.Name],
        Pt2Argument.Tensors t => t.Names,
        Pt2Argument.OptionalTensor { Name: { } name } => [name],
        Pt2Argument.OptionalTensors t => t.Names.OfType<string>(),
        Pt2Argument.NestedTensors t => t.Names.SelectMany(n => n),
        Pt2Argument.SymInt { Value.Name: { } name } => [name],
        Pt2Argument.SymInts t => t.Values.Select(v => v.Name).OfType<string>(),
        Pt2Argument.SymFloat { Value.Name: { } name } => [name],
        Pt2Argument.SymFloats t => t.Values.Select(v => v.Name).OfType<string>(),
        Pt2Argument.SymBool { Value.Name: { } name } => [name],
        Pt2Argument.SymBools t => t.Values.Select(v => v.Name).OfType<string>(),
        Pt2Argument.Dictionary d => d.Items.SelectMany(i => Names(i.Value)),
        _ => [],
    };
}
