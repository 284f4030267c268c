using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>The arguments of a known constructor, taken by position with checks.</summary>
internal sealed class TorchArguments(PickleGlobal callable, IReadOnlyList<PickleValue> items, string place)
{
    public string Place { get; } = $"{place}, {callable.Name}";

    public int Count => items.Count;

    public PickleValue Value(int i) => i < items.Count ? items[i] : throw Wrong();

    public PickleTensor Tensor(int i) => Value(i) as PickleTensor ?? throw Wrong();

    public PickleStorage Storage(int i) => Value(i) as PickleStorage ?? throw Wrong();

    public long Int(int i) => Value(i).AsInt ?? throw Wrong();

    public bool Flag(int i) => i < items.Count && items[i] is PickleBool { Value: true };

    public IReadOnlyList<PickleValue> Sequence(int i) => Value(i).AsSequence ?? throw Wrong();

    public long[] Ints(int i)
    {
        var sequence = Sequence(i);
        var numbers = new long[sequence.Count];
        for (int k = 0; k < numbers.Length; k++)
            numbers[k] = sequence[k].AsInt ?? throw Wrong();
        return numbers;
    }

    public ModelFormatException Wrong() => new(Place, $"arguments of {callable.FullName}", $"({string.Join(", ", items)})");
}
