using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Linear;

/// <summary>Einstein summation: operands are combined from left to right, each pair by one batched product.</summary>
internal static class EinsumDecomposition
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor", (b, a) => Einsum(b, a[0].AsString(), [.. a[1].AsList().Select(t => t.AsValue())])),
    ];

    private sealed record Operand(Value Value, string Letters);

    private static Value Einsum(IGraphBuilder b, string equation, Value[] tensors)
    {
        equation = equation.Replace(" ", "", StringComparison.Ordinal);
        int arrow = equation.IndexOf("->", StringComparison.Ordinal);
        string[] inputs = (arrow < 0 ? equation : equation[..arrow]).Split(',');
        int hidden = 0;
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i].Contains("...", StringComparison.Ordinal))
                hidden = Math.Max(hidden, tensors[i].Spec.Rank - (inputs[i].Length - 3));
        var operands = inputs.Select((t, i) => Diagonal(b, new Operand(tensors[i], Expand(t, tensors[i].Spec.Rank - (t.Length - 3), hidden)))).ToList();
        string result = arrow >= 0 ? Expand(equation[(arrow + 2)..], hidden, hidden)
            : Expand("...", hidden, hidden) + string.Concat(string.Concat(inputs).Where(char.IsAsciiLetter).GroupBy(c => c).Where(g => g.Count() == 1).Select(g => g.Key).Order());
        while (operands.Count > 1)
        {
            string later = result + string.Concat(operands.Skip(2).Select(o => o.Letters));
            operands[0] = Combine(b, operands[0], operands[1], later);
            operands.RemoveAt(1);
        }
        var last = Keep(b, operands[0], result);
        return b.Permute(last.Value, [.. result.Select(c => last.Letters.IndexOf(c))]);
    }

    /// <summary>An ellipsis becomes digits, aligned at the last.</summary>
    private static string Expand(string letters, int own, int hidden)
    {
        int at = letters.IndexOf("...", StringComparison.Ordinal);
        return at < 0 ? letters : letters[..at] + string.Concat(Enumerable.Range(hidden - own, Math.Max(own, 0)).Select(i => (char)('0' + i))) + letters[(at + 3)..];
    }

    /// <summary>A letter that occurs twice takes the diagonal.</summary>
    private static Operand Diagonal(IGraphBuilder b, Operand x)
    {
        for (int i = 0; i < x.Letters.Length; i++)
        {
            int j = x.Letters.IndexOf(x.Letters[i], i + 1);
            if (j < 0)
                continue;
            char c = x.Letters[i];
            x = new Operand(b.Call1("aten::diagonal_copy", x.Value, 0, i, j), x.Letters.Remove(j, 1).Remove(i, 1) + c);
            i = -1;
        }
        return x;
    }

    /// <summary>Sums over the letters that nobody needs.</summary>
    private static Operand Keep(IGraphBuilder b, Operand x, string needed)
    {
        long[] dims = [.. Enumerable.Range(0, x.Letters.Length).Where(i => !needed.Contains(x.Letters[i])).Select(i => (long)i)];
        return dims.Length == 0 ? x : new Operand(b.Sum(x.Value, dims), string.Concat(x.Letters.Where(needed.Contains)));
    }

    private static Operand Combine(IGraphBuilder b, Operand x, Operand y, string needed)
    {
        x = Keep(b, x, needed + y.Letters);
        y = Keep(b, y, needed + x.Letters);
        string both = string.Concat(x.Letters.Where(y.Letters.Contains));
        string batch = string.Concat(both.Where(needed.Contains)), inner = string.Concat(both.Where(c => !needed.Contains(c)));
        string left = string.Concat(x.Letters.Except(both)), right = string.Concat(y.Letters.Except(both));
        var sizes = new Dictionary<char, Argument>();
        foreach (var operand in new[] { x, y })
            for (int i = 0; i < operand.Letters.Length; i++)
                if (!sizes.TryGetValue(operand.Letters[i], out var known) || (known.IsInt && known.AsInt() == 1))
                    sizes[operand.Letters[i]] = b.SizeOf(operand.Value, i);
        Argument Count(string letters) => letters.Aggregate((Argument)1, (n, c) => Numbers.Mul(b, n, sizes[c]));
        Value Arrange(Operand o, string order, params Argument[] shape)
        {
            var ordered = b.Permute(o.Value, [.. order.Select(c => o.Letters.IndexOf(c))]);
            return b.View(b.Expand(ordered, [.. order.Select(c => sizes[c])]), shape);
        }
        var product = b.Bmm(Arrange(x, batch + left + inner, Count(batch), Count(left), Count(inner)), Arrange(y, batch + inner + right, Count(batch), Count(inner), Count(right)));
        string letters = batch + left + right;
        return new Operand(b.View(product, [.. letters.Select(c => sizes[c])]), letters);
    }
}
