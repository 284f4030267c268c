using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Functional;

/// <summary>A part of a storage: all of it, or one step away from another view.</summary>
internal sealed class TensorView
{
    private Value? content;
    private int version;

    /// <summary>All of a storage.</summary>
    public TensorView(TensorMemory storage) => (Storage, IsContiguous) = (storage, true);

    /// <summary>A view of a view.</summary>
    public TensorView(TensorView parent, ViewStep step, Value content, bool isContiguous)
    {
        Storage = parent.Storage;
        Parent = parent;
        Step = step;
        IsContiguous = isContiguous;
        this.content = content;
        version = Storage.Version;
    }

    public TensorMemory Storage { get; }

    public TensorView? Parent { get; }

    public ViewStep? Step { get; }

    /// <summary>The elements lie in row-major order without gaps, as far as is known.</summary>
    public bool IsContiguous { get; }

    /// <summary>The content now; read again after a write.</summary>
    public Value Read(IGraphBuilder builder)
    {
        if (Parent is null)
            return Storage.Content;
        if (content is null || version != Storage.Version)
        {
            content = Step!.Apply(builder, Parent.Read(builder));
            version = Storage.Version;
        }
        return content;
    }

    /// <summary>Replaces the content, and with it that part of the storage.</summary>
    public void Write(IGraphBuilder builder, Value value)
    {
        if (Parent is null)
        {
            Storage.Content = value;
            Storage.Version++;
            return;
        }
        Parent.Write(builder, Step!.Invert(builder, Parent.Read(builder), value));
        content = value;
        version = Storage.Version;
    }
}
