using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ExecuSharp.Formats.Pt2;

namespace ExecuSharp.Import.Pt2;

/// <summary>Writes a tree specification as torch.utils._pytree.treespec_dumps does: <c>[1, {"type": …, "context": …, "children_spec": […]}]</c>.</summary>
internal static class TreeJson
{
    public static string? Write(Pt2TreeSpec? tree)
    {
        if (tree is null)
            return null;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(1);
            Write(writer, tree);
            writer.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter writer, Pt2TreeSpec tree)
    {
        writer.WriteStartObject();
        writer.WriteString("type", tree.Type);
        writer.WriteString("context", tree.Context);
        writer.WriteStartArray("children_spec");
        foreach (var child in tree.Children)
            Write(writer, child);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
