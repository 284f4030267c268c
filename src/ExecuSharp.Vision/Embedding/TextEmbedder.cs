using ExecuSharp.Core;
using ExecuSharp.Models.Embeddings;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Vision.Text;

namespace ExecuSharp.Vision.Embedding;

/// <summary>Texts to embeddings. Not safe for concurrent use.</summary>
/// <param name="encoder">The text program.</param>
/// <param name="tokenizer">The tokenizer; its vocabulary has the size of the model's token table.</param>
/// <param name="input">Length of the id row.</param>
public sealed class TextEmbedder(IEncoder encoder, ClipTokenizer tokenizer, TextInput input)
{
    /// <summary>The embedding of a text as the program gives it; not of length 1 unless the program does that.</summary>
    public float[] Embed(string text)
    {
        var ids = Tensor.Empty(ScalarType.Long, [1, input.Context]);
        tokenizer.Tokenize(text, ids.Span<long>());
        return encoder.Encode(ids).ToArray();
    }

    /// <summary>A vector for each label: each prompt's embedding brought to length 1, their mean, brought to length 1 again.</summary>
    /// <param name="labels">Labels and templates.</param>
    /// <param name="progress">Told the number of labels done.</param>
    /// <param name="cancellation">Looked at before each label.</param>
    /// <exception cref="ArgumentException">There are no labels, or a template has no <c>{}</c>.</exception>
    public ClassMatrix EmbedLabels(LabelSet labels, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        var rows = new List<float[]>(labels.Labels.Count);
        foreach (string[] prompts in LabelPrompts.Of(labels))
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Add(UnitVectors.Mean([.. prompts.Select(p => UnitVectors.Normalize(Embed(p)))]));
            progress?.Report(rows.Count);
        }
        if (rows.Count == 0)
            throw new ArgumentException("the label list is empty");
        return new ClassMatrix(labels.Labels, Tensor.From<float>(rows.SelectMany(r => r).ToArray(), rows.Count, rows[0].Length));
    }
}
