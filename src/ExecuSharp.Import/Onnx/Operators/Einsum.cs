using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Einstein summation: operands are brought to one order of labels, multiplied pair by pair as batched matrix products, and summed.</summary>
internal static class Einsum
{
    private sealed record Operand(Value Value, string Labels);

    // Labels for the dimensions of an ellipsis, numbered from the last.
    private const char FirstEllipsis = '\u0100';

    public static Value Apply(OnnxNode n)
    {
        string equation = n.Required("equation").Text.Replace(" ", "");
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != n.InputCount)
            throw n.Bad("an equation with a term for each input", equation);
        var a = n.Aten;
        int ellipsis = 0;
        var operands = new List<Operand>();
        for (int i = 0; i < terms.Length; i++)
        {
            int open = n.In(i).Spec.Rank - terms[i].Replace("...", "").Length;
            if (open < 0 || (open > 0 && !terms[i].Contains("...")))
                throw n.Bad($"a term for {n.In(i).Spec}", terms[i]);
            ellipsis = Math.Max(ellipsis, terms[i].Contains("...") ? open : 0);
            operands.Add(Diagonal(a, new Operand(n.In(i), terms[i].Replace("...", Ellipsis(open)))));
        }
        string output = sides.Length == 2 ? sides[1].Replace("...", Ellipsis(ellipsis)) : Implicit(operands, ellipsis);
        while (operands.Count > 1)
        {
            var (left, right) = (operands[0], operands[1]);
            operands.RemoveRange(0, 2);
            string needed = output + string.Concat(operands.Select(o => o.Labels));
            operands.Insert(0, Multiply(a, SumOut(a, left, needed + right.Labels), SumOut(a, right, needed + left.Labels), needed));
        }
        var result = SumOut(a, operands[0], output);
        return a.Permute(result.Value, [.. output.Select(c => (long)Index(n, result.Labels, c, equation))]);
    }

    private static int Index(OnnxNode n, string labels, char label, string equation) =>
        labels.IndexOf(label) is >= 0 and var i ? i : throw n.Bad("output labels of inputs", equation);

    private static string Ellipsis(int count) => string.Concat(Enumerable.Range(0, count).Select(i => (char)(FirstEllipsis + count - 1 - i)));

    private static string Implicit(List<Operand> operands, int ellipsis)
    {
        var counts = operands.SelectMany(o => o.Labels).Where(c => c < FirstEllipsis).GroupBy(c => c);
        return Ellipsis(ellipsis) + string.Concat(counts.Where(g => g.Count() == 1).Select(g => g.Key).Order());
    }

    /// <summary>Takes the diagonal of labels that occur twice in a term.</summary>
    private static Operand Diagonal(Aten a, Operand o)
    {
        for (int i = 0; i < o.Labels.Length; i++)
        {
            int j = o.Labels.IndexOf(o.Labels[i], i + 1);
            if (j < 0)
                continue;
            var diagonal = a.Call("aten::diagonal_copy", o.Value, 0, i, j);
            return Diagonal(a, new Operand(diagonal, o.Labels.Remove(j, 1).Remove(i, 1) + o.Labels[i]));
        }
        return o;
    }

    private static Operand SumOut(Aten a, Operand o, string needed)
    {
        long[] axes = [.. Enumerable.Range(0, o.Labels.Length).Where(i => !needed.Contains(o.Labels[i])).Select(i => (long)i)];
        return axes.Length == 0 ? o : new Operand(a.Sum(o.Value, axes, false), string.Concat(o.Labels.Where(needed.Contains)));
    }

    private static Operand Multiply(Aten a, Operand left, Operand right, string needed)
    {
        Dim Size(char c)
        {
            Dim l = left.Labels.Contains(c) ? left.Value.Spec.Sizes[left.Labels.IndexOf(c)] : 1;
            Dim r = right.Labels.Contains(c) ? right.Value.Spec.Sizes[right.Labels.IndexOf(c)] : 1;
            return l == 1 ? r : l;
        }
        string batch = string.Concat(left.Labels.Where(c => right.Labels.Contains(c) && needed.Contains(c)));
        string inner = string.Concat(left.Labels.Where(c => right.Labels.Contains(c) && !needed.Contains(c)));
        string rows = string.Concat(left.Labels.Where(c => !right.Labels.Contains(c)));
        string columns = string.Concat(right.Labels.Where(c => !left.Labels.Contains(c)));
        Value Shaped(Operand o, string first, string second)
        {
            string order = batch + first + second;
            var permuted = a.Permute(o.Value, [.. order.Select(c => (long)o.Labels.IndexOf(c))]);
            Dim[] full = [.. order.Select(Size)];
            return a.View(a.Expand(permuted, full), [Aten.Product(batch.Select(Size)), Aten.Product(first.Select(Size)), Aten.Product(second.Select(Size))]);
        }
        var product = a.Call("aten::bmm", Shaped(left, rows, inner), Shaped(right, inner, columns));
        string labels = batch + rows + columns;
        return new Operand(a.View(product, [.. labels.Select(Size)]), labels);
    }
}
