using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Formats.TorchArchive;

namespace ExecuSharp.Formats.Pt2;

/// <summary>Weights or constants as raw members, listed by a JSON configuration (PyTorch 2.9 and later).</summary>
internal static class Pt2Payloads
{
    public static Dictionary<string, StoredTensor> Read(TorchZipArchive archive, string folder, string config)
    {
        try
        {
            using var document = JsonDocument.Parse(archive.Read(config));
            var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
            foreach (var (name, tensor) in new Pt2Json(document.RootElement, null, config)["config"].Map(p => Payload(archive, folder, p)))
                if (tensor is not null)
                    tensors.Add(name, tensor);
            return tensors;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(config, "JSON", e.Message, null, e);
        }
    }

    /// <summary>Null for an object that is no tensor.</summary>
    private static StoredTensor? Payload(TorchZipArchive archive, string folder, Pt2Json json)
    {
        string member = folder + json["path_name"].Text();
        if (json.Optional("use_pickle")?.Bool() ?? false)
        {
            var inner = archive.ReadSource(member);
            return (TorchCheckpoint.Load(inner).Root as PickleTensor)?.Tensor;
        }
        if (json.Optional("tensor_meta") is not { } metaJson)
            return null;
        var meta = Pt2Numbers.TensorMeta(metaJson);
        if (meta.Layout != Pt2Layout.Strided)
            throw new ModelFormatException(metaJson.Place, "a dense tensor", meta.Layout.ToString());
        if (!archive.Has(member))
            throw new ModelFormatException(json.Place, $"a member '{member}'", "none");
        long[] sizes = Known(metaJson, meta.Sizes);
        long[] strides = Known(metaJson, meta.Strides);
        long offset = Known(metaJson, [meta.StorageOffset])[0];
        return StoredTensor.Create(json.Place, meta.Type, sizes, strides, offset, archive.Storage(member, archive.BigEndian))
            .With(meta.RequiresGrad, null);
    }

    private static long[] Known(Pt2Json json, IReadOnlyList<Pt2SymInt> sizes) =>
        [.. sizes.Select(s => s.Value ?? throw new ModelFormatException(json.Place, "known sizes", s.ToString()))];
}
