using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Tests.Conformance.XnnPack;

/// <summary>Payloads are read as flatc reads them, and what is written is read as the same tree.</summary>
public sealed class XnnPackPayloadTests
{
    [SharedFact]
    public void All_payloads_are_what_flatc_prints() => Check(XnnPackSet.Full());

    [Fact]
    public void Packed_payloads_are_what_flatc_prints() => Check(XnnPackSet.Packed());

    [Fact]
    public void Every_cut_and_every_changed_byte_gives_a_graph_or_a_format_error()
    {
        using var set = XnnPackSet.Packed();
        var random = new Random(1);
        foreach (var file in set.Json("index.json").GetProperty("files").EnumerateObject().Take(60))
            foreach (var payload in Payloads(set.Read(file.Value.GetProperty("file").GetString()!)))
                for (int i = 0; i < 60; i++)
                {
                    var bytes = payload.ToArray();
                    for (int change = 0; change < 3; change++)
                        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    Read(i % 3 == 0 ? bytes.AsMemory(0, random.Next(bytes.Length)) : bytes);
                }
    }

    private static void Check(XnnPackSet set)
    {
        using (set)
        {
            var nodes = set.Json("nodes.json");
            int count = 0;
            foreach (var file in set.Json("index.json").GetProperty("files").EnumerateObject())
            {
                var payloads = Payloads(set.Read(file.Value.GetProperty("file").GetString()!));
                var entries = nodes.GetProperty(file.Name).EnumerateObject().SelectMany(m => m.Value.GetProperty("delegates").EnumerateArray()).ToList();
                Assert.Equal(entries.Count, payloads.Count);
                for (int i = 0; i < entries.Count; i++, count++)
                {
                    var payload = XnnPayload.Read(payloads[i]);
                    var faults = PayloadJson.Compare(payload, entries[i]);
                    Assert.True(faults.Count == 0, $"{file.Name}: {string.Join("; ", faults)}");
                    var again = XnnPayload.Read(XnnPayload.Write(payload.Graph));
                    Assert.Equal(Canonical(payload.Graph), Canonical(again.Graph));
                    Assert.Equal(XnnPayload.Write(payload.Graph), XnnPayload.Write(again.Graph));
                }
            }
            Assert.True(count > 50);
        }
    }

    private static void Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            XnnPayload.Read(bytes);
        }
        catch (ModelFormatException)
        {
            // The only answer to broken bytes.
        }
    }

    private static List<ReadOnlyMemory<byte>> Payloads(byte[] file)
    {
        var bundle = BundledProgramFile.Read(new ByteSource(file));
        var program = PteReader.Read(new ByteSource(bundle.Program));
        return [.. program.Methods.SelectMany(m => m.Delegates).Select(d => d.InSegment ? program.SegmentBytes((int)d.Index) : program.InlineDelegateData[(int)d.Index])];
    }

    private static string Canonical(XnnGraph graph) => string.Join("\n", [
        $"{graph.Version} {graph.NumExterns} [{string.Join(",", graph.InputIds)}] [{string.Join(",", graph.OutputIds)}]",
        .. graph.Nodes.Select(n => $"{Flat(n)} {n.DebugHandle} {n.Range}"),
        .. graph.Values.Select(v => $"{v.Id} {v.Datatype} {v.NumDims} [{string.Join(",", v.Dims)}] {v.ConstantIndex} {v.ExternalId} {v.Flags} {v.DynamicDatatype} {Flat(v.Quantization)}"),
        .. graph.Constants.Select(c => $"{c.NamedKey} {c.Size} {(c.Data is { } d ? Convert.ToHexString(d.Span) : "-")}")]);

    private static string Flat(XnnNode node) => node switch
    {
        XnnTransposeNode n => $"{n with { Perm = null }} [{string.Join(",", n.Perm ?? [])}]",
        XnnReshapeNode n => $"{n with { NewShape = null }} [{string.Join(",", n.NewShape ?? [])}]",
        XnnSliceNode n => $"{n with { Offsets = null, Sizes = null }} [{string.Join(",", n.Offsets ?? [])}] [{string.Join(",", n.Sizes ?? [])}]",
        XnnPadNode n => $"{n with { Pre = null, Post = null }} [{string.Join(",", n.Pre ?? [])}] [{string.Join(",", n.Post ?? [])}]",
        XnnConcatenateNode n => $"{n with { Slots = new uint[5] }} [{string.Join(",", n.Slots)}]",
        _ => node.ToString(),
    };

    private static string Flat(XnnQuantization? q) => q switch
    {
        XnnPerChannel p => $"{p.ChannelDim} {p.ScaleConstant} {p.ScaleCount} [{string.Join(",", p.Scales)}]",
        XnnPerChannelGroup p => $"{p.ChannelDim} {p.GroupSize} {p.ScaleConstant} {p.ScaleCount} [{string.Join(",", p.Scales)}] [{string.Join(",", p.ScalesBFloat16)}]",
        _ => $"{q}",
    };
}
