namespace ExecuSharp.Formats.Pt2;

/// <summary>One call in a graph.</summary>
/// <param name="Target">The operator: <c>torch.ops.aten.linear.default</c>.</param>
/// <param name="Inputs">Arguments that differ from the schema's defaults, in schema order.</param>
/// <param name="Outputs">What it makes.</param>
/// <param name="Metadata">Module stack and the like.</param>
/// <param name="Name">The node's name, in newer files.</param>
/// <param name="ReturnsSingleTensor">For operators of higher order: whether the one output is a tensor and not a tuple; null if not said.</param>
public sealed record Pt2Node(
    string Target,
    IReadOnlyList<Pt2NamedArgument> Inputs,
    IReadOnlyList<Pt2Argument> Outputs,
    IReadOnlyDictionary<string, string> Metadata,
    string? Name,
    bool? ReturnsSingleTensor)
{
    /// <summary>The operator as in Core ATen (<c>aten::linear</c> with overload <c>.default</c> left out), or null if the target is none of <c>torch.ops</c>.</summary>
    public string? OperatorName
    {
        get
        {
            string[] parts = Target.Split('.');
            if (parts.Length < 4 || parts[0] != "torch" || parts[1] != "ops")
                return null;
            string name = $"{parts[2]}::{parts[3]}";
            return parts.Length > 4 && parts[4] != "default" ? $"{name}.{parts[4]}" : name;
        }
    }

    /// <summary>The argument of this name, or null if it is not there (then the schema's default holds).</summary>
    public Pt2Argument? Argument(string name)
    {
        foreach (var input in Inputs)
            if (input.Name == name)
                return input.Value;
        return null;
    }
}
