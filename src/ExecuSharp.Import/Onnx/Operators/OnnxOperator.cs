using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Translates a node to its outputs; a null output is one that the row does not make.</summary>
internal delegate OnnxValue?[] Translation(OnnxNode node);

/// <summary>One operator of ONNX: how each range of operator set versions is translated.</summary>
internal sealed class OnnxOperator
{
    private readonly (int Since, Translation Translate)[] versions;

    public OnnxOperator(string name, params (int Since, Translation Translate)[] versions)
    {
        Name = name;
        this.versions = versions;
    }

    /// <summary>A row with one translation.</summary>
    public OnnxOperator(string name, int since, Translation translate)
        : this(name, (since, translate))
    {
    }

    /// <summary>A row with one output.</summary>
    public OnnxOperator(string name, int since, Func<OnnxNode, Value> translate)
        : this(name, (since, n => [n.Same(translate(n))]))
    {
    }

    /// <summary>A row of an operator that is refused.</summary>
    public OnnxOperator(string name, int since, string why)
        : this(name, (since, _ => throw new OnnxUnsupportedException(why))) => Refusal = why;

    public string Name { get; }

    /// <summary>Why the operator is always refused; null if it is not.</summary>
    public string? Refusal { get; }

    /// <summary>Empty for the standard.</summary>
    public string Domain { get; init; } = "";

    /// <summary>ONNX Runtime's optimizer writes the operator into models of any version.</summary>
    public bool WrittenByRuntime { get; init; }

    /// <summary>First version with the operator.</summary>
    public int Since => versions[0].Since;

    /// <summary>The versions at which the translation changes.</summary>
    public IEnumerable<int> Versions => versions.Select(v => v.Since);

    /// <summary>The translation for a version, or null if it is too old.</summary>
    public Translation? For(int opset) => versions.LastOrDefault(v => v.Since <= opset).Translate;
}
