using Microsoft.Extensions.AI;

namespace ExecuSharp.Vision.Embedding;

/// <summary>What the generators for texts and pictures share: one input after the other on one encoder, safe for concurrent callers.</summary>
/// <typeparam name="T">An input.</typeparam>
public abstract class EmbeddingGenerator<T> : IEmbeddingGenerator<T, Embedding<float>>
{
    private readonly IDisposable? owner;
    private readonly SemaphoreSlim turn = new(1);
    private readonly EmbeddingGeneratorMetadata metadata;
    private readonly TimeProvider time;

    private protected EmbeddingGenerator(string? model, int? dimensions, IDisposable? owner, TimeProvider? time)
    {
        this.owner = owner;
        this.time = time ?? TimeProvider.System;
        metadata = new EmbeddingGeneratorMetadata("ExecuSharp", null, model, dimensions);
    }

    /// <summary>Embeds the inputs in order, off the caller's thread; each vector has length 1.</summary>
    /// <param name="values">Inputs.</param>
    /// <param name="options">Another model or number of dimensions than this one's is refused.</param>
    /// <param name="cancellationToken">Looked at before each input.</param>
    /// <exception cref="ArgumentException">The options ask for another model.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<T> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.Dimensions is { } dimensions && metadata.DefaultModelDimensions is { } own && dimensions != own)
            throw new ArgumentException($"embeddings of {dimensions} dimensions; the model has {own}", nameof(options));
        if (options?.ModelId is { } model && metadata.DefaultModelId is { } name && model != name)
            throw new ArgumentException($"the model {model}; this is {name}", nameof(options));
        T[] inputs = [.. values];
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Generate(inputs, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>This object, or its metadata.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? metadata
        : serviceType.IsInstanceOfType(this) ? this : null;

    /// <summary>Frees the model, if it was opened for this generator.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the model, if it was opened for this generator.</summary>
    protected virtual void Dispose(bool disposing)
    {
        owner?.Dispose();
        turn.Dispose();
    }

    /// <summary>The vector of an input.</summary>
    private protected abstract float[] Embed(T input);

    private GeneratedEmbeddings<Embedding<float>> Generate(T[] inputs, CancellationToken cancellation)
    {
        var result = new GeneratedEmbeddings<Embedding<float>>(inputs.Length);
        foreach (T input in inputs)
        {
            cancellation.ThrowIfCancellationRequested();
            result.Add(new Embedding<float>(UnitVectors.Normalize(Embed(input))) { ModelId = metadata.DefaultModelId, CreatedAt = time.GetUtcNow() });
        }
        return result;
    }
}
