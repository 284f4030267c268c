using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Kernels;
using ExecuSharp.Runtime.Backends;
using ExecuSharp.Runtime.XnnPack.Graph;

namespace ExecuSharp.Runtime.XnnPack;

/// <summary>Runs the subgraphs that ExecuTorch leaves to XNNPACK: nodes 1 to 47 of the payload schema, without native code.</summary>
public sealed class XnnPackBackend : IBackend
{
    /// <inheritdoc/>
    public string Id => "XnnpackBackend";

    /// <inheritdoc/>
    public IDelegate Init(ReadOnlyMemory<byte> payload, INamedData data, KernelContext context)
    {
        var graph = Read(payload).Graph;
        if (!graph.IsComplete)
            throw new ExecuTorchException(ErrorCode.InvalidProgram, "the XNNPACK graph has no values or no nodes");
        if (graph.NumExterns > 4096)
            throw new ExecuTorchException(ErrorCode.InvalidProgram, $"the XNNPACK graph has {graph.NumExterns} external values, at most 4096 are allowed");
        var values = new ValueLoader(graph, data).Load();
        var operators = new OperatorLoader(values, context).Load(graph.Nodes);
        return new XnnPackDelegate(values, operators, context);
    }

    private static XnnPayload Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            XnnPayloadHeader.Read(payload.Span);
        }
        catch (ModelFormatException e)
        {
            throw new ExecuTorchException(ErrorCode.InvalidArgument, e.Message, e);
        }
        try
        {
            return XnnPayload.Read(payload);
        }
        catch (ModelFormatException e)
        {
            throw new ExecuTorchException(ErrorCode.DelegateInvalidCompatibility, e.Message, e);
        }
    }
}
