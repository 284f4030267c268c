using System.Globalization;

namespace ExecuSharp.Inspection;

/// <summary>A node of an XNNPACK delegate.</summary>
/// <param name="Type">Type of the node.</param>
/// <param name="Inputs">Values read; absent optional ones are left out.</param>
/// <param name="Outputs">Values written.</param>
/// <param name="Min">Lower bound of the result, or null.</param>
/// <param name="Max">Upper bound of the result, or null.</param>
public sealed record DelegateNodeInspection(string Type, IReadOnlyList<DelegateValueInspection> Inputs, IReadOnlyList<DelegateValueInspection> Outputs, float? Min, float? Max)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Type}({string.Join(", ", Inputs)}) -> {string.Join(", ", Outputs)}{(Min is null && Max is null ? "" : string.Create(CultureInfo.InvariantCulture, $" within {Min} … {Max}"))}";
}
