using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Sources;

namespace ExecuSharp.Conversion;

/// <summary>Where a method of a program comes from.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Source">Path of the source.</param>
/// <param name="Program">For a source of several programs, such as a checkpoint with an image and a text tower: the name of one.</param>
public sealed record MethodSource(string Method, string Source, string? Program = null)
{
    /// <summary>Reads <c>NAME=SOURCE</c> or <c>NAME=SOURCE:PROGRAM</c>.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static MethodSource Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == text.Length - 1)
            throw new FormatException($"{text}: expected NAME=SOURCE or NAME=SOURCE:PROGRAM");
        string name = text[..equals], source = text[(equals + 1)..];
        int colon = source.LastIndexOf(':');
        return colon <= 1 || File.Exists(source) ? new MethodSource(name, source) : new MethodSource(name, source[..colon], source[(colon + 1)..]);
    }

    internal Graph Find(ImportedModel model)
    {
        string programs = string.Join(", ", model.Graphs.Select(g => g.Program));
        if (Program is null)
            return model.Graphs.Count == 1 ? model.Graphs[0].Graph : throw new ModelFormatException("the model", $"one program, or its name as in {Method}={Path.GetFileName(Source)}:{model.Graphs[0].Program}", programs, Source);
        return model.Graphs.FirstOrDefault(g => g.Program == Program).Graph ?? throw new ModelFormatException("the model", $"a program named {Program}", model.Graphs.Count == 1 ? "one program without a name" : programs, Source);
    }
}
